import type { PowerSession } from './power-view.ts'

/** A stream that has played for a while and has no more in hand is not carried, whatever was reckoned, */
const strainedBelowSeconds = 10
const settledAfterSeconds = 30
/** until it has so much. */
const relievedAboveSeconds = 40
/** It counts for so much more: nodes that are shared cannot be cut to size, and measured speeds are means. */
const strainFactor = 1.35

/** Streams that fall behind though enough is awake by reckoning: they are reckoned with as harder than they are. */
export class Strain {
  readonly #strained = new Set<string>()

  /** The same sessions with what they really seem to need. */
  felt(sessions: readonly PowerSession[]): readonly PowerSession[] {
    const present = new Set(sessions.map(({ id }) => id))
    for (const id of this.#strained) if (!present.has(id)) this.#strained.delete(id)
    for (const { id, leadSeconds, ageSeconds, isResting } of sessions) {
      if (isResting || leadSeconds > relievedAboveSeconds) this.#strained.delete(id)
      else if (leadSeconds < strainedBelowSeconds && ageSeconds > settledAfterSeconds) this.#strained.add(id)
    }
    if (this.#strained.size === 0) return sessions
    return sessions.map((session) =>
      this.#strained.has(session.id) ? { ...session, demand: session.demand * strainFactor } : session,
    )
  }
}
