import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../errors.ts'

/** For what was told to stop: a program has a second for that, see runProgram. */
const graceMs = 1_500

/**
 * Runs one try of something with a time limit. The action is told by its signal, and has ended before this fails, so that
 * the next try does not meet it; should it not listen, it is left behind.
 *
 * @throws PacelineError E_POWER_UNREACHABLE after `limitMs`; the reason of `signal` when that is aborted
 */
export async function withinTime<T>(
  action: (signal: AbortSignal) => Promise<T>,
  limitMs: number,
  name: string,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  const limit = new AbortController()
  const late = () =>
    new PacelineError('E_POWER_UNREACHABLE', `${name}: no answer within ${limitMs / 1_000} s`)
  const timer = setTimeout(() => limit.abort(late()), limitMs)
  const pass = () => limit.abort(signal?.reason)
  signal?.addEventListener('abort', pass, { once: true })
  let running: Promise<T> | undefined
  try {
    running = action(limit.signal)
    return await Promise.race([running, aborted(limit.signal)])
  } catch (error) {
    if (!limit.signal.aborted) throw error
    await Promise.race([Promise.allSettled([running]), sleep(graceMs, undefined, { ref: false })])
    // An action that listens to its signal fails in its own words; ours say why it was stopped.
    throw limit.signal.reason
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', pass)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
