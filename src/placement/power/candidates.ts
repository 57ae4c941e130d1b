import type { CapBudget } from './cap-budget.ts'
import { cycleJoules, joulesPerWork, withinCap } from './power-profile.ts'
import type { PowerNode, PowerSession, PowerView } from './power-view.ts'
import type { Candidate, DemandGroup } from './serving.ts'

/** Thirty-one kinds of demand have a bit each; what comes after shares the last one. */
const mostGroups = 31

/**
 * The first responder goes on with streams by itself only while a quarter of it is left: to begin with another it has all
 * of it for a second, in which the others live on what they have in hand, and then until a node has woken.
 */
const carriedShare = 3 / 4

/** A group with the platforms that can serve it. */
export interface PlatformGroup extends DemandGroup {
  readonly platforms: readonly string[]
}

/** Streams that need somebody, put together by the platforms that can serve them; those with least choice first. */
export function groupsOf({ sessions, nodes, responder }: PowerView, margin: number): PlatformGroup[] {
  const byPlatforms = new Map<string, { platforms: readonly string[]; demand: number }>()
  for (const { platforms, demand, isResting } of sessions) {
    if (isResting) continue
    const key = keyOf(platforms, byPlatforms)
    const group = byPlatforms.get(key) ?? { platforms, demand: 0 }
    group.demand += demand * margin
    byPlatforms.set(key, group)
  }
  const playing = sessions.filter(({ isResting }) => !isResting)
  const whole = playing.reduce((total, { demand }) => total + demand * margin, 0)
  const mayCarry =
    responder !== null &&
    whole <= responder.capacity * carriedShare &&
    playing.length <= Math.max(1, responder.slots * carriedShare)
  const choices = (platforms: readonly string[]) => nodes.filter((node) => canServe(node, platforms)).length
  return [...byPlatforms.values()]
    .toSorted((a, b) => choices(a.platforms) - choices(b.platforms))
    .map(({ platforms, demand }, index) => ({
      ...{ platforms, demand, bit: 1 << index },
      responder:
        mayCarry && canServe(responder, platforms)
          ? { capacity: responder.capacity, joulesPerWork: responder.addedWatts / responder.capacity }
          : null,
    }))
}

/** `warm`: nodes that are awake anyway, so that their idling costs nothing more. */
export function candidatesOf(
  nodes: readonly PowerNode[],
  groups: readonly PlatformGroup[],
  budget: CapBudget,
  warm: ReadonlySet<string>,
): Candidate[] {
  const bits = new Map<readonly string[], number>()
  return nodes.map((node) => {
    const { profile, capacity } = withinCap(node.profile, node.capacity, node.capWatts)
    const fits = bits.get(node.platforms) ?? bitsOf(node, groups)
    bits.set(node.platforms, fits)
    return {
      id: node.id,
      capacity,
      idleWatts: warm.has(node.id) ? 0 : Math.max(0, profile.idleWatts - profile.offWatts),
      joulesPerWork: joulesPerWork(profile, capacity),
      wakeJoules: isUp(node) ? 0 : cycleJoules(profile),
      mostWatts: budget.addedBusy(node),
      fits,
    }
  })
}

function bitsOf(node: PowerNode, groups: readonly PlatformGroup[]): number {
  return groups.reduce((bits, { bit, platforms }) => bits | (canServe(node, platforms) ? bit : 0), 0)
}

/** It is awake, or on its way to be, so that no boot has to be paid for it any more. */
export const isUp = ({ phase }: PowerNode): boolean =>
  phase === 'ready' || phase === 'busy' || phase === 'waking' || phase === 'draining'

function keyOf(platforms: PowerSession['platforms'], known: ReadonlyMap<string, unknown>): string {
  const key = platforms.join(' ')
  return known.has(key) || known.size < mostGroups ? key : [...known.keys()].at(-1)!
}

function canServe(node: { readonly platforms: readonly string[] }, platforms: readonly string[]): boolean {
  return node.platforms.some((platform) => platforms.includes(platform))
}
