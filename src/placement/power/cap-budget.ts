import { withinCap } from './power-profile.ts'
import type { PowerRules } from './power-rules.ts'
import type { PowerNode, PowerView } from './power-view.ts'

/** What may still be drawn below the cap, with everybody at the most that it may draw without being asked. */
export interface CapBudget {
  readonly leftWatts: number
  /** By so much the most rises when a node works, or is woken for that. */
  readonly addedBusy: (node: PowerNode) => number
  /** The same for a node that only stays awake. */
  readonly addedIdle: (node: PowerNode) => number
}

/**
 * Counts at the worst: a node that works may draw all that it can at any moment, a boot more than that, one that was told
 * to stop still finishes a segment, and the first responder counts while a stream has nobody else.
 */
export function budgetOf(view: PowerView, rules: PowerRules): CapBudget {
  const addedBusy = (node: PowerNode) => Math.max(0, mostWatts(node) - presentWatts(node))
  const addedIdle = (node: PowerNode) => Math.max(0, mostIdleWatts(node) - presentWatts(node))
  if (rules.totalCapWatts === null) return unlimited
  const used = view.nodes.reduce((total, node) => total + presentWatts(node), rules.floorWatts)
  return { leftWatts: rules.totalCapWatts - used - responderWatts(view), addedBusy, addedIdle }
}

const unlimited: CapBudget = {
  leftWatts: Number.POSITIVE_INFINITY,
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
      return Math.max(profile.offWatts, profile.idleWatts)
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

function responderWatts({ nodes, sessions, responder }: PowerView): number {
  if (!responder) return 0
  const isAlone = sessions.some(
    ({ platforms, isResting }) =>
      !isResting &&
      !nodes.some(
        (node) =>
          (node.phase === 'ready' || node.phase === 'busy') &&
          node.platforms.some((platform) => platforms.includes(platform)),
      ),
  )
  return isAlone ? responder.addedWatts : 0
}
