import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Reply } from './http-exchange.ts'
import { openProgressReporter } from './progress-reporter.ts'
import { openSendQueue } from './send-queue.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A reporter with a server that answers at once, or after `delay` milliseconds. */
function reporter(throttle: (count: number) => boolean = () => false, delay = 0) {
  const stop = new AbortController()
  const queue = openSendQueue(stop.signal)
  const seen: string[] = []
  let count = 0
  const calls = {
    put: async (suffix: string): Promise<Reply> => {
      count += 1
      seen.push(suffix.replace(/&vdec.*/, ''))
      if (delay > 0) await new Promise((done) => setTimeout(done, delay))
      return { status: 206, body: throttle(count) ? 'canThrottle' : '' }
    },
    log: async (level: number, message: string) => void seen.push(`${level} ${message}`),
    postList: async () => undefined,
  }
  const position = { seconds: 0 }
  const throttles: boolean[] = []
  const made = openProgressReporter({
    calls,
    queue,
    positionSeconds: () => position.seconds,
    sizeBytes: () => null,
    onThrottle: (throttled) => throttles.push(throttled),
    now: () => Date.now(),
    intervalMilliseconds: 500,
    signal: stop.signal,
  })
  return { ...made, queue, seen, position, throttles, abort: () => stop.abort() }
}

describe('the progress reporter', () => {
  it('reports at once and then twice a second', async () => {
    const { begin, seen, position, abort } = reporter()
    await begin(100)
    position.seconds = 2
    await vi.advanceTimersByTimeAsync(1000)
    expect(seen).toEqual([
      '?progress=0.0&size=-1&remaining=-1&speed=0.0',
      '?progress=2.0&size=-1&remaining=-1&speed=4.0',
      '?progress=2.0&size=-1&remaining=24&speed=0.0',
    ])
    abort()
  })

  it('has at most one report waiting for a slow server', async () => {
    const { begin, seen, queue, abort, end } = reporter(() => false, 3000)
    const began = queue.add(() => begin(100))
    await vi.advanceTimersByTimeAsync(3000)
    await began
    await vi.advanceTimersByTimeAsync(6900)
    expect(seen).toHaveLength(4)
    const ended = queue.add(end)
    await vi.advanceTimersByTimeAsync(20_000)
    await ended
    expect(seen.length).toBeLessThanOrEqual(6)
    abort()
  })

  it('passes a throttle on once, and says so in the server’s log', async () => {
    const { begin, seen, throttles, abort } = reporter((count) => count === 2 || count === 3)
    await begin(100)
    await vi.advanceTimersByTimeAsync(2000)
    expect(throttles).toEqual([true, false])
    expect(seen.map((call) => call.replace(/progress=.*remaining=-?\d+/, ''))).toEqual([
      '?&speed=0.0',
      '?&speed=0.0',
      '3 Throttle - Going into sloth mode.',
      '?',
      '?',
      '3 Throttle - Getting back to work.',
      '?&speed=0.0',
    ])
    abort()
  })

  it('makes one last report and no more', async () => {
    const { begin, end, seen, position } = reporter()
    await begin(100)
    position.seconds = 50
    await end()
    await end()
    await vi.advanceTimersByTimeAsync(5000)
    expect(seen).toHaveLength(2)
    expect(seen[1]).toContain('progress=50.0')
  })

  it('makes no last report of a job that never began', async () => {
    const { end, seen } = reporter()
    await end()
    expect(seen).toEqual([])
  })

  it('is silent after it was stopped, even with a report waiting', async () => {
    const { begin, stop, seen, queue } = reporter()
    await begin(100)
    const blocked = queue.add(() => new Promise((done) => setTimeout(done, 700)))
    await vi.advanceTimersByTimeAsync(600)
    stop()
    await vi.advanceTimersByTimeAsync(5000)
    await blocked
    expect(seen).toHaveLength(1)
  })

  it('does not pass on what it hears after the job was killed', async () => {
    const { begin, throttles, seen, abort } = reporter((count) => count === 2, 100)
    const began = begin(100)
    await vi.advanceTimersByTimeAsync(650)
    await began
    abort()
    await vi.advanceTimersByTimeAsync(5000)
    expect(seen).toHaveLength(2)
    expect(throttles).toEqual([])
  })
})
