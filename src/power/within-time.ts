import { PacelineError } from '../errors.ts'

/**
 * Runs one try of something with a time limit. The action is told by its signal; should it not listen, it is left
 * behind.
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
  try {
    return await Promise.race([action(limit.signal), aborted(limit.signal)])
  } catch (error) {
    // An action that listens to its signal fails in its own words; ours say why it was stopped.
    throw limit.signal.aborted ? limit.signal.reason : error
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
