import type { NodePowerSettings, PowerSettings } from './power-settings.ts'

/**
 * What is valid and will hardly be meant so, a sentence each: rules for nodes that nobody knows, and nodes for which the
 * cap leaves no room beside the first responder, who then goes on alone with whoever begins while all sleep.
 *
 * @param known names of nodes that have joined, as far as that is known here
 * @param hasResponder the head's own machine begins while nodes sleep
 */
export function settingsNotes(
  settings: PowerSettings,
  known: readonly string[],
  hasResponder: boolean,
): readonly string[] {
  const { rules, nodes } = settings
  const names = new Set([...nodes.keys(), ...known])
  const strangers = (['quiet', 'maintenance'] as const).flatMap((key) => {
    const named = new Set(rules[key].flatMap((rule) => rule.nodes ?? []))
    const unknown = [...named].filter((name) => !names.has(name))
    return unknown.length === 0
      ? []
      : [`power.${key} names what is no node in power.nodes: ${unknown.join(', ')}`]
  })
  return [...strangers, ...capNote(settings, hasResponder)]
}

function capNote({ rules, nodes, firstResponderWatts }: PowerSettings, hasResponder: boolean): string[] {
  const { totalCapWatts, floorWatts } = rules
  const switched = [...nodes].filter(([, { driver }]) => driver !== null)
  if (totalCapWatts === null || switched.length === 0) return []
  const responderWatts = hasResponder ? firstResponderWatts : 0
  const asleepWatts = switched.reduce((sum, [, { profile }]) => sum + profile.offWatts, 0)
  const least = Math.min(...switched.map(([, node]) => mostWatts(node) - node.profile.offWatts))
  const needed = floorWatts + responderWatts + asleepWatts + least
  if (needed <= totalCapWatts) return []
  const parts = [
    `${floorWatts} W that never sleep`,
    ...(hasResponder ? [`${responderWatts} W of the first responder (firstResponderWatts)`] : []),
    `${round(asleepWatts + least)} W of nodes of which one wakes`,
  ]
  return [
    `power.totalCapWatts lets no node wake for a viewer while all sleep: ${parts.join(', ')} are over ${totalCapWatts} W`,
  ]
}

/** As the policy counts it: at the worst. */
function mostWatts({ profile, capWatts }: NodePowerSettings): number {
  const busyWatts = capWatts === null ? profile.busyWatts : Math.min(profile.busyWatts, capWatts)
  return Math.max(profile.idleWatts, profile.sleepWatts, profile.wakeWatts, busyWatts)
}

const round = (watts: number): number => Math.round(watts * 10) / 10
