import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchContact } from './contact-watch.ts'

let awaySinceMs: number | null
let lead: number
let published: number
let isThrottled: boolean
let given: string[]
let close: () => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  awaySinceMs = null
  lead = 0
  published = 0
  isThrottled = false
  given = []
  const now = () => performance.now()
  const session = {
    id: 's',
    leadSeconds: () => lead,
    get isThrottled() {
      return isThrottled
    },
    giveUp: ({ message }: Error) => void given.push(message),
    tally: {
      get publishedSegments() {
        return published
      },
    },
  }
  const awayMs = () => (awaySinceMs === null ? 0 : now() - awaySinceMs)
  close = watchContact({ awayMs, sessions: () => (given.length > 0 ? [] : [{ session }]), now }).close
})

afterEach(() => {
  close()
  vi.useRealTimers()
})

const goAway = () => {
  awaySinceMs = performance.now()
}

describe('while nodes can be reached', () => {
  it('no session is given up, however long it takes', () => {
    vi.advanceTimersByTime(60_000)
    expect(given).toEqual([])
  })
})

describe('while NATS is away', () => {
  it('a session that nothing brings on is given up after five seconds, once', () => {
    goAway()
    vi.advanceTimersByTime(5_000)
    expect(given).toEqual([])
    vi.advanceTimersByTime(1_000)
    expect(given).toEqual(['NATS is away, and nothing comes any more'])
    vi.advanceTimersByTime(10_000)
    expect(given).toHaveLength(1)
  })

  it('one that its leases bring on is not', () => {
    goAway()
    for (let n = 0; n < 20; n++) {
      vi.advanceTimersByTime(4_000)
      published += 1
    }
    expect(given).toEqual([])
  })

  it('one whose player has enough in hand waits until it has not', () => {
    lead = 60
    goAway()
    vi.advanceTimersByTime(30_000)
    expect(given).toEqual([])
    lead = 9
    vi.advanceTimersByTime(500)
    expect(given).toHaveLength(1)
  })

  it('one whose player is paused is not, though nothing is made for it and its lead only seems to shrink', () => {
    isThrottled = true
    lead = -300
    goAway()
    vi.advanceTimersByTime(60_000)
    expect(given).toEqual([])
  })

  it('a whole file is waited for', () => {
    lead = Number.POSITIVE_INFINITY
    goAway()
    vi.advanceTimersByTime(600_000)
    expect(given).toEqual([])
  })

  it('each time begins anew', () => {
    for (let n = 0; n < 5; n++) {
      goAway()
      vi.advanceTimersByTime(4_000)
      awaySinceMs = null
      vi.advanceTimersByTime(1_000)
    }
    expect(given).toEqual([])
  })
})
