import { joulesPerWork, withinCap } from '../placement/power/power-profile.ts'
import { type Candidate, type DemandGroup, leastWatts } from '../placement/power/serving.ts'
import { type Demand, demandOfViewings } from './demand-steps.ts'
import type { Fleet } from './fleet.ts'
import { type NodeKind, nodeKinds, statesOf } from './node-kinds.ts'
import type { Viewing } from './viewing.ts'

export interface Optimum {
  readonly joules: number
  /** False: a lower bound, since nodes were taken for better than they are; see nodeKinds. */
  readonly isExact: boolean
  /** All nodes on for the whole time, work where it is cheapest. */
  readonly alwaysOnJoules: number
  /** Seconds in which all of them together cannot carry what plays: what it costs then is what they can do. */
  readonly beyondSeconds: number
}

/**
 * The least energy of nodes and first responder for a workload that is known from the beginning. Streams are carried in
 * real time from their first second on, by nodes that are awake or by the first responder, as simulated ones are; work can
 * be shared out among awake nodes in any pieces; a node wakes and sleeps at once, for the joules of a boot and a shutdown.
 * Each of that makes it at most cheaper than what can be done. Then the best of all ways through all states (how many of
 * each kind are awake) is found by dynamic programming: nothing is left to chance and nothing is guessed.
 */
export function optimumOf(fleet: Fleet, viewings: readonly Viewing[], seconds: number): Optimum {
  const capacities = fleet.nodes.map(
    ({ profile, capacity, capWatts }) => withinCap(profile, capacity, capWatts).capacity,
  )
  const mostCapacity = Math.max(...capacities, fleet.responder?.capacity ?? 0)
  const demand = demandOfViewings(viewings, seconds, mostCapacity)
  const wholeOf = (demands: readonly number[]) => demands.reduce((total, each) => total + each, 0)
  // Thousands of nodes have more steps than a call may have arguments.
  const peak = demand.steps.reduce((most, { demands }) => Math.max(most, wholeOf(demands)), 0)
  const { kinds, isExact } = nodeKinds(fleet.nodes, peak)
  const offJoules = fleet.nodes.reduce((total, { profile }) => total + profile.offWatts, 0) * seconds
  const common = offJoules + freeJoules(fleet, demand)
  const always = alwaysOn(fleet, demand)
  return {
    joules: common + leastPath(kinds, fleet, demand),
    ...{ isExact, alwaysOnJoules: common + always.joules, beyondSeconds: always.beyondSeconds },
  }
}

/** Work that only fills what lies ahead, where a joule does most. */
function freeJoules({ nodes, responder }: Fleet, { kinds, freeWork }: Demand): number {
  return kinds.reduce((total, platforms, index) => {
    const fits = (other: { readonly platforms: readonly string[] }) =>
      other.platforms.some((platform) => platforms.includes(platform))
    const prices = nodes.filter(fits).map((node) => {
      const { profile, capacity } = withinCap(node.profile, node.capacity, node.capWatts)
      return joulesPerWork(profile, capacity)
    })
    if (responder && fits(responder)) prices.push(responder.addedWatts / responder.capacity)
    return total + (freeWork[index] ?? 0) * Math.min(...prices)
  }, 0)
}

function leastPath(kinds: readonly NodeKind[], fleet: Fleet, demand: Demand): number {
  const states = statesOf(kinds)
  const best = new Float64Array(states).fill(Number.POSITIVE_INFINITY)
  best[0] = 0
  const known = new Map<string, Float64Array>()
  for (const { seconds, demands } of demand.steps) {
    const key = demands.join(' ')
    const watts = known.get(key) ?? wattsOfStates(kinds, fleet, demand, demands)
    known.set(key, watts)
    change(best, kinds)
    for (let state = 0; state < states; state += 1) best[state] = best[state]! + seconds * watts[state]!
  }
  return best.reduce((least, joules) => Math.min(least, joules), Number.POSITIVE_INFINITY)
}

/** Waking one of a kind costs a boot and the shutdown that follows it, sleeping then nothing. */
function change(best: Float64Array, kinds: readonly NodeKind[]): void {
  let stride = 1
  for (const { count, cycleJoules } of kinds) {
    const block = stride * (count + 1)
    for (let state = 0; state < best.length; state += 1) {
      if (state % block >= stride) best[state] = Math.min(best[state]!, best[state - stride]! + cycleJoules)
    }
    for (let state = best.length - 1; state >= 0; state -= 1) {
      if (state % block < block - stride) best[state] = Math.min(best[state]!, best[state + stride]!)
    }
    stride = block
  }
}

/** Watts beyond off of each state under a demand; where none carries it all, those that carry most count. */
function wattsOfStates(
  kinds: readonly NodeKind[],
  fleet: Fleet,
  demand: Demand,
  demands: readonly number[],
): Float64Array {
  const states = statesOf(kinds)
  const watts = new Float64Array(states)
  const unmet = new Float64Array(states)
  const groups = groupsOf(demand, demands)
  let least = Number.POSITIVE_INFINITY
  for (let state = 0; state < states; state += 1) {
    let rest = state
    const counts = kinds.map(({ count }) => {
      const here = rest % (count + 1)
      rest = (rest - here) / (count + 1)
      return here
    })
    const served = leastWatts(groups, suppliers(kinds, counts, fleet, demand))
    watts[state] = served.watts
    unmet[state] = served.unmet
    least = Math.min(least, served.unmet)
  }
  for (let state = 0; state < states; state += 1) {
    if (unmet[state]! > least + 1e-9) watts[state] = Number.POSITIVE_INFINITY
  }
  return watts
}

function alwaysOn(fleet: Fleet, demand: Demand): { readonly joules: number; readonly beyondSeconds: number } {
  const { kinds } = nodeKinds(fleet.nodes, Number.POSITIVE_INFINITY)
  const set = suppliers(
    kinds,
    kinds.map(({ count }) => count),
    fleet,
    demand,
  )
  let [joules, beyondSeconds] = [0, 0]
  for (const { seconds, demands } of demand.steps) {
    const { watts, unmet } = leastWatts(groupsOf(demand, demands), set)
    joules += seconds * watts
    if (unmet > 1e-9) beyondSeconds += seconds
  }
  return { joules, beyondSeconds }
}

/** Those with least choice first, as the search for the least watts wants them. */
function groupsOf({ kinds }: Demand, demands: readonly number[]): DemandGroup[] {
  return demands
    .map((demand, index) => ({ demand, bit: 1 << index, responder: null, choice: kinds[index]!.length }))
    .filter(({ demand }) => demand > 0)
    .toSorted((a, b) => a.choice - b.choice)
}

/** Nodes of a kind together are as one large node; the first responder is one that is always on. */
function suppliers(
  kinds: readonly NodeKind[],
  counts: readonly number[],
  { responder }: Fleet,
  demand: Demand,
): Candidate[] {
  const fitsOf = (platforms: readonly string[]) =>
    demand.kinds.reduce(
      (bits, wanted, index) => bits | (platforms.some((each) => wanted.includes(each)) ? 1 << index : 0),
      0,
    )
  const set = kinds.flatMap((kind, index): Candidate[] => {
    const count = counts[index]!
    if (count === 0) return []
    const { capacity, idleWatts, platforms } = kind
    return [
      {
        ...{ id: String(index), capacity: count * capacity, idleWatts: count * idleWatts },
        ...{ joulesPerWork: kind.joulesPerWork, wakeJoules: 0, mostWatts: 0, fits: fitsOf(platforms) },
      },
    ]
  })
  if (responder) {
    const { capacity, addedWatts, platforms } = responder
    set.push({
      ...{ id: 'responder', capacity, idleWatts: 0, joulesPerWork: addedWatts / capacity },
      ...{ wakeJoules: 0, mostWatts: 0, fits: fitsOf(platforms) },
    })
  }
  return set.sort((a, b) => a.joulesPerWork - b.joulesPerWork)
}
