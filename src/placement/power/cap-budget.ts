import { withinCap } from './power-profile.ts'
import type { PowerRules } from './power-rules.ts'
import type { PowerNode, PowerView } from './power-view.ts'

/** What may still be drawn below the cap, with everybody at the most that it may draw without being asked. */
export interface CapBudget {
  readonly leftWatts: number
  /** Whether the first responder is in what is drawn. */
  readonly countsResponder: boolean
  /** By so much the most rises when a node works, or is woken for that. */
  readonly addedBusy: (node: PowerNode) => number
  /** The same for a node that only stays awake. */
  readonly addedIdle: (node: PowerNode) => number
}

/**
 * Counts at the worst: a node that works may draw all that it can at any moment, a boot more than that, one that was told
 * to stop still finishes a segment, and the first responder counts while
 * it makes something or a stream has nobody else.
 */
export function budgetOf(view: PowerView, rules: PowerRules, isBridging: boolean): CapBudget {
  const addedBusy = (node: PowerNode) => Math.max(0, mostWatts(node) - presentWatts(node))
  const addedIdle = (node: PowerNode) => Math.max(0, mostIdleWatts(node) - presentWatts(node))
  if (rules.totalCapWatts === null) return unlimited
  const responderWatts = view.responder && (isBridging || isAlone(view)) ? view.responder.addedWatts : 0
  const used = view.nodes.reduce((total, node) => total + presentWatts(node), rules.floorWatts)
  const leftWatts = rules.totalCapWatts - used - responderWatts
  return { leftWatts, addedBusy, addedIdle, countsResponder: responderWatts > 0 }
}

const unlimited: CapBudget = {
  leftWatts: Number.POSITIVE_INFINITY,
  countsResponder: true,
  addedBusy: () => 0,
  addedIdle: () => 0,
}

/** What a node may draw without a further decision. */
function presentWatts(node: PowerNode): number {
  const { profile } = node
  switch (node.phase) {
    case 'off':
      return profile.offWatts
    case 'failed':
      // Nobody knows whether it hangs with its power on.
      return Math.max(profile.offWatts, profile.idleWatts, profile.wakeWatts)
    case 'waking':
      return Math.max(profile.wakeWatts, mostIdleWatts(node))
    case 'busy':
    case 'draining':
      return busyWatts(node)
    case 'ready':
    case 'going-to-sleep':
      return Math.max(profile.idleWatts, profile.sleepWatts)
  }
}

function mostIdleWatts({ phase, profile }: PowerNode): number {
  const boots = phase === 'off' || phase === 'failed' || phase === 'waking' || phase === 'going-to-sleep'
  return Math.max(profile.idleWatts, profile.sleepWatts, boots ? profile.wakeWatts : 0)
}

const mostWatts = (node: PowerNode): number => Math.max(mostIdleWatts(node), busyWatts(node))

function busyWatts({ profile, capacity, capWatts }: PowerNode): number {
  return withinCap(profile, capacity, capWatts).profile.busyWatts
}

/** A stream has nobody but the first responder. */
function isAlone({ nodes, sessions }: PowerView): boolean {
  return sessions.some(
    ({ platforms, isResting }) =>
      !isResting &&
      !nodes.some(
        (node) =>
          (node.phase === 'ready' || node.phase === 'busy') &&
          node.platforms.some((platform) => platforms.includes(platform)),
      ),
  )
}
