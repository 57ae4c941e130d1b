import type { AdmissionNode } from '../admission.ts'
import { withinCap } from './power-profile.ts'
import { holdsFor, type PowerRules } from './power-rules.ts'
import type { PowerView } from './power-view.ts'

/**
 * The nodes that could carry streams if they were asked to, awake or not: what admission counts on. Under a cap only as
 * many as may be busy at once, those that do most for a watt first.
 */
export function admissibleNodes(view: PowerView, rules: PowerRules): AdmissionNode[] {
  const { weekMinute } = view
  let left = (rules.totalCapWatts ?? Number.POSITIVE_INFINITY) - rules.floorWatts
  const able = view.nodes
    .filter((node) => node.phase !== 'failed' && !holdsFor(rules.maintenance, node, weekMinute))
    .filter((node) => node.phase !== 'off' || !holdsFor(rules.quiet, node, weekMinute))
    .map(({ id, platforms, capacity, profile, capWatts }) => {
      const within = withinCap(profile, capacity, capWatts)
      const mostWatts = Math.max(within.profile.busyWatts, profile.wakeWatts)
      return { id, platforms, capacity: within.capacity, mostWatts, offWatts: profile.offWatts }
    })
    .toSorted((a, b) => b.capacity / b.mostWatts - a.capacity / a.mostWatts || (a.id < b.id ? -1 : 1))
  for (const { offWatts } of able) left -= offWatts
  return able.flatMap(({ platforms, capacity, mostWatts, offWatts }) => {
    if (mostWatts - offWatts > left) return []
    left -= mostWatts - offWatts
    return [{ platforms, capacity }]
  })
}
