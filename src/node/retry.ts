import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Milliseconds to wait before retry number `retry` (from 0): `firstMs`, doubled each time, at most `mostMs`,
 * and up to a quarter less so that the nodes of a head that restarts do not all come back at once.
 */
export function backoffMs(retry: number, firstMs: number, mostMs: number, random = Math.random): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(retry, 30))
  return full * (1 - random() / 4)
}

/** Resolves with true after `ms`, or with false as soon as the signal is aborted. */
export async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal })
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}
