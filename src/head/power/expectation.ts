import type { PowerSession } from '../../placement/power/power-view.ts'
import { platforms } from '../../platforms/all.ts'

/** Somebody who is about to begin, for the moments between his asking and his session. */
export interface Expectation {
  raise(): void
  /** His session is there, and speaks for itself. */
  meet(): void
  sessions(): readonly PowerSession[]
  /** When the first of those who are expected is so no longer; null while nobody is. */
  endsMs(): number | null
}

/** Looking into a film on a slow disk takes seconds; whoever takes longer has been left to the original. */
const lastsMs = 10_000
/** What is not known yet is taken for 720p in real time: who needs more wakes more a moment later. */
const usualDemand = 0.5

/** A stream of which nothing is known yet but that there will be one. */
export const someSession = (id: string): PowerSession => ({
  ...{ id, platforms: platforms.map(({ name }) => name), demand: usualDemand },
  ...{ ageSeconds: 0, leadSeconds: 0, isResting: false },
})

export function createExpectation(nowMs: () => number): Expectation {
  let untilMs: number[] = []
  return {
    raise() {
      untilMs.push(nowMs() + lastsMs)
    },
    meet() {
      untilMs.shift()
    },
    endsMs: () => untilMs[0] ?? null,
    sessions() {
      untilMs = untilMs.filter((atMs) => atMs > nowMs())
      return untilMs.map((_, index) => someSession(`expected ${index}`))
    },
  }
}
