/** Beyond this nobody knows what went on: the head's machine was asleep, or stood still. */
const longestGapSeconds = 60

/**
 * Seconds between looks by a clock that is never set, each of which counts once. A look that is late counts for all that
 * passed, but for no more than a minute.
 */
export function createEnergyClock(nowMs: () => number): () => number {
  let lastMs = nowMs()
  return () => {
    const atMs = nowMs()
    const seconds = Math.max(0, (atMs - lastMs) / 1_000)
    lastMs = Math.max(lastMs, atMs)
    return Math.min(seconds, longestGapSeconds)
  }
}
