import { cycleJoules, joulesPerWork, withinCap } from '../placement/power/power-profile.ts'
import type { FleetNode } from './fleet.ts'

/** Nodes that are the same in all that matters to energy: who of them is awake makes no difference, only how many. */
export interface NodeKind {
  /** Most that are ever awake at a time. */
  readonly count: number
  readonly capacity: number
  /** Beyond what it draws when it is off. */
  readonly idleWatts: number
  readonly joulesPerWork: number
  readonly cycleJoules: number
  readonly platforms: readonly string[]
}

export interface NodeKinds {
  readonly kinds: readonly NodeKind[]
  /** False where unlike nodes were put together, each number the best of theirs: what comes out is a lower bound. */
  readonly isExact: boolean
}

/** States of a fleet that are weighed against each other: twelve nodes that all differ are so many. */
export const mostStates = 4_096

/**
 * Puts nodes together by kind. More of a kind than the demand can keep busy are never awake in an optimum, since another
 * one would only idle. Where there are still too many states, the two kinds that are most alike become one that is better
 * than both.
 */
export function nodeKinds(nodes: readonly FleetNode[], peakDemand: number): NodeKinds {
  const byKey = new Map<string, NodeKind>()
  for (const node of nodes) {
    const { profile, capacity } = withinCap(node.profile, node.capacity, node.capWatts)
    const kind: NodeKind = {
      ...{ count: 1, capacity, platforms: node.platforms.toSorted() },
      idleWatts: Math.max(0, profile.idleWatts - profile.offWatts),
      joulesPerWork: joulesPerWork(profile, capacity),
      cycleJoules: cycleJoules(profile),
    }
    const key = JSON.stringify([
      kind.capacity,
      kind.idleWatts,
      kind.joulesPerWork,
      kind.cycleJoules,
      kind.platforms,
    ])
    const known = byKey.get(key)
    byKey.set(key, known ? { ...known, count: known.count + 1 } : kind)
  }
  let kinds = [...byKey.values()].map((kind) => limited(kind, peakDemand))
  let isExact = true
  while (statesOf(kinds) > mostStates) {
    kinds = mergeTwo(kinds, peakDemand)
    isExact = false
  }
  return { kinds, isExact }
}

export const statesOf = (kinds: readonly NodeKind[]): number =>
  kinds.reduce((product, { count }) => product * (count + 1), 1)

function limited(kind: NodeKind, peakDemand: number): NodeKind {
  return { ...kind, count: Math.min(kind.count, Math.ceil(peakDemand / kind.capacity - 1e-9)) }
}

function mergeTwo(kinds: readonly NodeKind[], peakDemand: number): NodeKind[] {
  let best: { readonly a: NodeKind; readonly b: NodeKind; readonly distance: number } | null = null
  for (const [index, a] of kinds.entries()) {
    for (const b of kinds.slice(index + 1)) {
      const distance = distanceOf(a, b)
      if (!best || distance < best.distance) best = { a, b, distance }
    }
  }
  if (!best) return kinds.map((kind) => ({ ...kind, count: Math.min(kind.count, mostStates - 1) }))
  const { a, b } = best
  return [...kinds.filter((kind) => kind !== a && kind !== b), limited(better(a, b), peakDemand)]
}

/** How unlike two kinds are, by the ratios of their numbers. */
function distanceOf(a: NodeKind, b: NodeKind): number {
  const ratio = (one: number, other: number) => Math.abs(Math.log((one + 1e-3) / (other + 1e-3)))
  return (
    2 * ratio(a.idleWatts / a.capacity, b.idleWatts / b.capacity) +
    2 * ratio(a.joulesPerWork, b.joulesPerWork) +
    ratio(a.capacity, b.capacity) +
    ratio(a.cycleJoules, b.cycleJoules)
  )
}

function better(a: NodeKind, b: NodeKind): NodeKind {
  return {
    count: a.count + b.count,
    capacity: Math.max(a.capacity, b.capacity),
    idleWatts: Math.min(a.idleWatts, b.idleWatts),
    joulesPerWork: Math.min(a.joulesPerWork, b.joulesPerWork),
    cycleJoules: Math.min(a.cycleJoules, b.cycleJoules),
    platforms: [...new Set([...a.platforms, ...b.platforms])].sort(),
  }
}
