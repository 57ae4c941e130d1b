/** A disk that has not answered by then may be one that hangs for the head only: a viewer does not wait for it. */
const patienceMs = 10_000

/**
 * Null when the work takes longer than `limitMs`, or nobody waits any more; its signal is aborted then, and what it
 * makes all the same goes to `discard`. Otherwise as the work itself.
 */
export async function withinPatience<T>(
  work: (signal: AbortSignal) => Promise<T>,
  released: AbortSignal,
  discard: (late: T) => unknown,
  limitMs: number = patienceMs,
): Promise<T | null> {
  const limit = AbortSignal.any([released, AbortSignal.timeout(limitMs)])
  const over = new Promise<null>((resolve) => {
    if (limit.aborted) resolve(null)
    limit.addEventListener('abort', () => resolve(null), { once: true })
  })
  const made = work(limit)
  const first = await Promise.race([over, made])
  if (first === null) made.then(discard).catch(() => undefined)
  return first
}
