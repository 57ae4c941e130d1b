import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchHead } from './watch-head.ts'

let [disconnect, reconnect] = [() => {}, () => {}]
let answeredMs: number | undefined
let gone: number
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  answeredMs = undefined
  gone = 0
  const control = {
    onDisconnect: (listener: () => void) => {
      disconnect = listener
    },
    onReconnect: (listener: () => void) => {
      reconnect = listener
    },
  }
  const watch = watchHead(control, { answeredMs: () => answeredMs }, 60_000, () => {
    gone += 1
  })
  stop = watch.stop
})

afterEach(() => {
  stop()
  vi.useRealTimers()
})

describe('a head', () => {
  it('that has been out of reach for its time is gone, once', () => {
    disconnect()
    vi.advanceTimersByTime(59_999)
    expect(gone).toBe(0)
    vi.advanceTimersByTime(1)
    expect(gone).toBe(1)
    vi.advanceTimersByTime(600_000)
    expect(gone).toBe(1)
  })

  it('that comes back in time is not', () => {
    for (let n = 0; n < 3; n++) {
      disconnect()
      vi.advanceTimersByTime(59_000)
      reconnect()
      vi.advanceTimersByTime(59_000)
    }
    expect(gone).toBe(0)
  })

  it('is given no more time by a connection that breaks again while it is being made', () => {
    disconnect()
    vi.advanceTimersByTime(40_000)
    disconnect()
    vi.advanceTimersByTime(20_000)
    expect(gone).toBe(1)
  })

  it('that answers on the data plane is there, until it no longer does', () => {
    disconnect()
    for (let n = 0; n < 20; n++) {
      answeredMs = performance.now()
      vi.advanceTimersByTime(30_000)
    }
    expect(gone).toBe(0)
    vi.advanceTimersByTime(29_999)
    expect(gone).toBe(0)
    vi.advanceTimersByTime(1)
    expect(gone).toBe(1)
  })

  it('is not looked for any more by an agent that stops', () => {
    disconnect()
    stop()
    disconnect()
    vi.advanceTimersByTime(600_000)
    expect(gone).toBe(0)
  })
})
