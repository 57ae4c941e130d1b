import type { Candidate, DemandGroup } from './serving.ts'
import { type WantedSetOptions, wantedSet } from './wanted-set.ts'

/** How long the demand goes on is a guess: it is the same guess until it has changed by a fifth. */
const horizonStep = 1.2
/** Less is rounding. */
const sameDemand = 1e-6

/**
 * The wanted set, searched for only when something has changed that it depends on: most of what happens (leads that grow
 * and shrink) has nothing to do with it.
 */
export class KeptSet {
  #last: WantedSetOptions | null = null
  #set: Candidate[] = []

  find(options: WantedSetOptions): Candidate[] {
    if (!this.#last || !isSame(this.#last, options)) {
      this.#set = wantedSet(options)
      this.#last = options
    }
    return this.#set
  }
}

function isSame(a: WantedSetOptions, b: WantedSetOptions): boolean {
  const horizon = a.horizonSeconds / b.horizonSeconds
  return (
    horizon < horizonStep &&
    horizon > 1 / horizonStep &&
    a.capWatts === b.capWatts &&
    a.groups.length === b.groups.length &&
    a.candidates.length === b.candidates.length &&
    a.groups.every((group, index) => isSameGroup(group, b.groups[index]!)) &&
    a.candidates.every((candidate, index) => isSameCandidate(candidate, b.candidates[index]!))
  )
}

const isSameGroup = (a: DemandGroup, b: DemandGroup): boolean =>
  a.bit === b.bit &&
  Math.abs(a.demand - b.demand) < sameDemand &&
  (a.responder === null) === (b.responder === null)

const isSameCandidate = (a: Candidate, b: Candidate): boolean =>
  a.id === b.id &&
  a.capacity === b.capacity &&
  a.idleWatts === b.idleWatts &&
  a.joulesPerWork === b.joulesPerWork &&
  a.wakeJoules === b.wakeJoules &&
  a.mostWatts === b.mostWatts &&
  a.fits === b.fits
