import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Crowd, createCrowd } from './crowd.ts'

let crowd: Crowd
let turnedAway: string[]

class TestGuest extends EventEmitter {
  readonly remoteAddress = '10.0.0.1'
  readonly remotePort: number
  destroyed = false

  constructor(port: number) {
    super()
    this.remotePort = port
  }

  destroy(): void {
    this.destroyed = true
    this.emit('close')
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  turnedAway = []
  crowd = createCrowd({
    room: 3,
    patienceMs: 30_000,
    onTurnedAway: (address, why) => turnedAway.push(`${address} ${why}`),
  })
})

afterEach(() => vi.useRealTimers())

function arrive(count: number, from = 1): TestGuest[] {
  return Array.from({ length: count }, (_, index) => {
    const guest = new TestGuest(from + index)
    crowd.enter(guest)
    return guest
  })
}

describe('connections that have not said whose they are', () => {
  it('have their room, and the oldest goes for each that comes later', () => {
    const guests = arrive(5)
    expect(guests.map(({ destroyed }) => destroyed)).toEqual([true, true, false, false, false])
    expect([crowd.size, turnedAway]).toEqual([3, ['10.0.0.1 full', '10.0.0.1 full']])
  })

  it('are not counted once they have said it, by whichever of its two objects', () => {
    const [node] = arrive(1)
    crowd.vouch(new TestGuest(node!.remotePort))
    arrive(1_000, 100)
    vi.advanceTimersByTime(60_000)
    expect([node!.destroyed, crowd.size]).toEqual([false, 0])
  })

  it('go when they stay silent', () => {
    const [guest] = arrive(1)
    vi.advanceTimersByTime(29_999)
    expect(guest!.destroyed).toBe(false)
    vi.advanceTimersByTime(1)
    expect([guest!.destroyed, turnedAway]).toEqual([true, ['10.0.0.1 silent']])
  })

  it('leave no trace when they end by themselves', () => {
    for (const guest of arrive(3)) guest.destroy()
    vi.advanceTimersByTime(60_000)
    expect([crowd.size, turnedAway]).toEqual([0, []])
  })

  it('that come from a port that somebody used before have a time of their own', () => {
    const [former] = arrive(1)
    vi.advanceTimersByTime(20_000)
    const [later] = arrive(1)
    former!.destroy()
    vi.advanceTimersByTime(20_000)
    expect([later!.destroyed, crowd.size]).toEqual([false, 1])
  })
})
