/** A node as a candidate for a set that is to be awake. Plain numbers, since thousands of sets are weighed. */
export interface Candidate {
  readonly id: string
  readonly capacity: number
  readonly idleWatts: number
  /** Beyond idling; see joulesPerWork. */
  readonly joulesPerWork: number
  /** Joules that it takes to have it awake. */
  readonly wakeJoules: number
  /** What counts of it against the cap while it is in the set. */
  readonly mostWatts: number
  /** Bit by bit: the groups of demand that it can serve. */
  readonly fits: number
}

/** Streams that the same platforms can serve. */
export interface DemandGroup {
  readonly bit: number
  readonly demand: number
  /** Joules of a second of a core's work on the first responder, and how much of that there is; null where it cannot. */
  readonly responder: { readonly joulesPerWork: number; readonly capacity: number } | null
}

export interface Serving {
  readonly watts: number
  /** Demand that nobody carries. */
  readonly unmet: number
}

const room = new Float64Array(64)

/**
 * Least watts with which a set of awake nodes carries the demand: work can be shared out in any pieces, so each piece goes
 * where a joule does most. `set` has the least joules per work first. Groups with least choice come first in `groups`.
 * The first responder serves a group only where no node of the set can, as in place().
 */
export function leastWatts(groups: readonly DemandGroup[], set: readonly Candidate[]): Serving {
  const free = set.length <= room.length ? room : new Float64Array(set.length)
  let watts = 0
  for (let index = 0; index < set.length; index += 1) {
    free[index] = set[index]!.capacity
    watts += set[index]!.idleWatts
  }
  let unmet = 0
  for (const { bit, demand, responder } of groups) {
    let left = demand
    let hasNode = false
    for (let index = 0; index < set.length; index += 1) {
      const node = set[index]!
      if ((node.fits & bit) === 0) continue
      hasNode = true
      const taken = Math.min(left, free[index]!)
      free[index] = free[index]! - taken
      watts += taken * node.joulesPerWork
      left -= taken
      if (left <= 0) break
    }
    if (!hasNode && responder) {
      const taken = Math.min(left, responder.capacity)
      watts += taken * responder.joulesPerWork
      left -= taken
    }
    unmet += Math.max(0, left)
  }
  return { watts, unmet: unmet < 1e-9 ? 0 : unmet }
}
