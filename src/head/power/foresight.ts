import type { PowerSession } from '../../placement/power/power-view.ts'
import { someSession } from './expectation.ts'

/** What becomes of a sign that somebody may be about to watch. */
export interface Foreseen {
  /** He is expected; else signs have come to nothing too often lately, or nothing is switched. */
  readonly isTaken: boolean
  /** For so long; or, where the sign is not taken, after so long another one would be. */
  readonly seconds: number
}

/**
 * Signs from outside that somebody may be about to watch: he has opened the media server's page, or come home. Worth a boot
 * where they come true, so a sign that nobody follows costs the next ones: for ten minutes none is taken, then for twenty, up
 * to two hours, until somebody watches.
 */
export interface Foresight {
  sign(seconds: number): Foreseen
  /** Somebody watches. */
  meet(): void
  sessions(): readonly PowerSession[]
  /** When whoever is expected is so no longer; null while nobody is. */
  endsMs(): number | null
}

/** Signs that follow one another prolong the first one, and by no more than this. */
const mostMs = 30 * 60_000
const firstRestMs = 10 * 60_000
const longestRestMs = 2 * 3_600_000

export function createForesight(nowMs: () => number): Foresight {
  let expected: { readonly sinceMs: number; readonly untilMs: number } | null = null
  let restUntilMs = Number.NEGATIVE_INFINITY
  let misses = 0

  const settle = (): void => {
    if (expected === null || nowMs() < expected.untilMs) return
    restUntilMs = expected.untilMs + Math.min(firstRestMs * 2 ** misses, longestRestMs)
    misses += 1
    expected = null
  }
  return {
    sign(seconds) {
      settle()
      const now = nowMs()
      if (now < restUntilMs) return { isTaken: false, seconds: (restUntilMs - now) / 1000 }
      const sinceMs = expected?.sinceMs ?? now
      const wantedMs = Math.min(now + seconds * 1000, sinceMs + mostMs)
      const untilMs = Math.max(expected?.untilMs ?? 0, wantedMs)
      expected = { sinceMs, untilMs }
      return { isTaken: true, seconds: (untilMs - now) / 1000 }
    },
    meet() {
      expected = null
      misses = 0
      restUntilMs = Number.NEGATIVE_INFINITY
    },
    sessions() {
      settle()
      return expected === null ? [] : [someSession('foreseen')]
    },
    endsMs() {
      settle()
      return expected?.untilMs ?? null
    },
  }
}
