import { isWithin, type WeeklyHours } from './weekly-hours.ts'

/** Hours in which something holds for some nodes; for all where none are named. */
export interface NodeHours {
  readonly hours: WeeklyHours
  /** By their names. */
  readonly nodes?: readonly string[]
}

/** What whoever owns the machines wants, whatever it costs. */
export interface PowerRules {
  /** All nodes, the head and what never sleeps together; null for no limit. */
  readonly totalCapWatts: number | null
  /** What never sleeps: head, switch, BMC. It counts against the cap. */
  readonly floorWatts: number
  /** So many nodes are awake in these hours, whether anybody watches or not. */
  readonly keepWarm: readonly { readonly hours: WeeklyHours; readonly nodes: number }[]
  /** Nobody hears these nodes then: they are not woken, and one that is awake and not needed sleeps at once. */
  readonly quiet: readonly NodeHours[]
  /** Somebody works on these nodes then: they get no work, and their power is left as it is. */
  readonly maintenance: readonly NodeHours[]
  readonly minOnSeconds: number
  readonly minOffSeconds: number
  /** So many are awake at any time where no first responder makes the first segments in time. */
  readonly startSet: number
  /** How much more than what streams need is kept awake. */
  readonly margin: number
}

/**
 * A little more than the real-time share that rescue() wants for a stream (1.05). Disks and power supplies last for some
 * ten thousand cycles: at least a minute on and half a minute off keeps a fault from wearing them out in a night.
 */
export const usualRules: PowerRules = {
  ...{ totalCapWatts: null, floorWatts: 0, keepWarm: [], quiet: [], maintenance: [] },
  ...{ minOnSeconds: 60, minOffSeconds: 30, startSet: 1, margin: 1.08 },
}

export function warmWanted({ keepWarm }: PowerRules, weekMinute: number): number {
  return keepWarm.reduce(
    (most, { hours, nodes }) => (isWithin(hours, weekMinute) ? Math.max(most, nodes) : most),
    0,
  )
}

/** Rules know a node by its name. */
export function holdsFor(
  rules: readonly NodeHours[],
  { id, name = id }: { readonly id: string; readonly name?: string },
  weekMinute: number,
): boolean {
  return rules.some(({ hours, nodes }) => (nodes?.includes(name) ?? true) && isWithin(hours, weekMinute))
}

/** Whether anything depends on the time of the week, so that it has to be looked at again though nothing happens. */
export const hasHours = ({ keepWarm, quiet, maintenance }: PowerRules): boolean =>
  keepWarm.length + quiet.length + maintenance.length > 0
