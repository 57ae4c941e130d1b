import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type SeenPage, untilSeen, whenUnseen } from './attention.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A page that somebody brings to the front and back again. */
function fakePage(hidden: boolean) {
  const listeners = new Set<() => void>()
  const page = {
    hidden,
    addEventListener: (_type: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => void listeners.delete(listener),
  } satisfies SeenPage
  const turn = (isHidden: boolean) => {
    page.hidden = isHidden
    for (const listener of [...listeners]) listener()
  }
  return { page, listeners, turn }
}

/** Whether a promise has come to its end by now. */
async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false
  void promise.then(() => {
    over = true
  })
  await vi.advanceTimersByTimeAsync(0)
  return over
}

describe('a page that waits to be seen', () => {
  it('waits no longer when it is', async () => {
    const { page, listeners, turn } = fakePage(true)
    const seen = untilSeen(page, new AbortController().signal)
    expect(await isOver(seen)).toBe(false)
    turn(true)
    expect(await isOver(seen)).toBe(false)
    turn(false)
    expect(await isOver(seen)).toBe(true)
    expect(listeners.size).toBe(0)
  })

  it('does not wait where it is seen already, or nobody wants it', async () => {
    expect(await isOver(untilSeen(fakePage(false).page, new AbortController().signal))).toBe(true)
    expect(await isOver(untilSeen(fakePage(true).page, AbortSignal.abort()))).toBe(true)
    const { page, listeners } = fakePage(true)
    const abort = new AbortController()
    const seen = untilSeen(page, abort.signal)
    abort.abort()
    expect(await isOver(seen)).toBe(true)
    expect(listeners.size).toBe(0)
  })
})

describe('a page that is out of sight', () => {
  it('is told so after a while, once', () => {
    const { page, listeners, turn } = fakePage(false)
    const then = vi.fn()
    whenUnseen(page, 1_000, then)
    turn(true)
    vi.advanceTimersByTime(999)
    expect(then).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(then).toHaveBeenCalledOnce()
    turn(false)
    turn(true)
    vi.advanceTimersByTime(5_000)
    expect(then).toHaveBeenCalledOnce()
    expect(listeners.size).toBe(0)
  })

  it('is told nothing when it comes back in time, or it no longer matters', () => {
    const { page, listeners, turn } = fakePage(true)
    const then = vi.fn()
    const stop = whenUnseen(page, 1_000, then)
    vi.advanceTimersByTime(900)
    turn(false)
    vi.advanceTimersByTime(5_000)
    turn(true)
    stop()
    vi.advanceTimersByTime(5_000)
    expect(then).not.toHaveBeenCalled()
    expect(listeners.size).toBe(0)
  })
})
