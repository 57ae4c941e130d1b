import type { BeatPower } from '../../../cluster/messages.ts'
import type { EnergyBook } from '../../energy/energy-book.ts'
import type { Fleet } from '../../fleet.ts'
import type { NodePower as KnownPower, PowerOverview } from '../../power/power-state.ts'
import type { NodeDecision } from '../contract/node-detail.ts'
import type { Watts } from '../contract/node-view.ts'
import type { FleetLine } from '../contract/snapshot.ts'
import type { NodePower, PowerSource } from './node-power.ts'

export interface PowerSourceNeeds {
  readonly overview: Pick<PowerOverview, 'nodes'>
  readonly fleet: Pick<Fleet, 'node'>
  /** Whoever keeps the ledger knows watts better. */
  readonly energy?: Pick<EnergyBook, 'wattsOf' | 'line'>
}

/** What is known of nodes' power, for the views: lives from the head's power, watts from nodes' own beats where they tell. */
export function powerSource({ overview, fleet, energy }: PowerSourceNeeds): PowerSource {
  // Asked for each node in turn: the list is made once in such a turn.
  let listed: ReadonlyMap<string, KnownPower> | null = null
  const all = (): ReadonlyMap<string, KnownPower> => {
    if (listed === null) {
      listed = new Map(overview.nodes().map((power) => [power.id, power]))
      queueMicrotask(() => {
        listed = null
      })
    }
    return listed
  }
  const wattsNow = (power: KnownPower): Watts | null =>
    energy ? energy.wattsOf(power.id) : wattsOf(power, fleet.node(power.id)?.beat.power)
  return {
    of(id) {
      const power = all().get(id)
      return power && nodePower(power, wattsNow(power))
    },
    fleetLine: () => energy?.line() ?? { ...sumOf([...all().values()], wattsNow), month: null },
  }
}

function nodePower(power: KnownPower, watts: Watts | null): NodePower {
  const { life, driver, decided } = power
  const isSwitched = driver !== null
  const state =
    isSwitched && (life === 'off' || life === 'waking' || life === 'going-to-sleep' || life === 'failed')
      ? life
      : null
  return {
    state,
    // Of one that is awake that would be since when it is, whatever it does; and nobody knows it of one that was found so.
    sinceMs: state !== null && Number.isFinite(power.sinceMs) ? Math.round(power.sinceMs) : null,
    readyAtMs: power.wakeExpectedAtMs === null ? null : Math.round(power.wakeExpectedAtMs),
    ...{ watts, keepWarmUntilMs: power.keptUntilMs, hasPowerControl: isSwitched },
    decision: decided && decisionOf(decided),
  }
}

const reasonWords = {
  needed: 'streams need it',
  'not-needed': 'no stream needs it, and idling on would cost more than waking it again',
  'kept-warm': 'it is kept warm at this hour',
  'by-hand': 'somebody said so',
} as const

function decisionOf({ what, reason, atMs }: NonNullable<KnownPower['decided']>): NodeDecision {
  return { atMs: Math.round(atMs), what, reason: reasonWords[reason] }
}

/** What it says itself counts; of one that is off only its settings can tell. */
function wattsOf({ life, driver, profile }: KnownPower, told: BeatPower | undefined): Watts | null {
  if (told) return { value: round(told.watts), source: told.basis }
  if (driver === null || profile === null) return null
  if (life === 'off' || life === 'failed') return { value: profile.offWatts, source: 'modelled' }
  if (life === 'waking') return { value: profile.wakeWatts, source: 'modelled' }
  return null
}

/** Nodes that nobody knows the watts of are in neither number. */
function sumOf(
  nodes: readonly KnownPower[],
  wattsNow: (power: KnownPower) => Watts | null,
): Pick<FleetLine, 'watts' | 'savedWatts'> {
  const known = nodes.flatMap((power) => {
    const watts = wattsNow(power)
    return watts ? [{ watts, power }] : []
  })
  if (known.length === 0) return { watts: null, savedWatts: null }
  const isMeasured = known.every(({ watts }) => watts.source === 'measured')
  const value = round(known.reduce((sum, { watts }) => sum + watts.value, 0))
  // Against nodes that idle all the time: those that work would do so either way.
  const savedWatts = known.reduce(
    (sum, { watts, power: { profile } }) => sum + Math.max(0, (profile?.idleWatts ?? 0) - watts.value),
    0,
  )
  return { watts: { value, source: isMeasured ? 'measured' : 'modelled' }, savedWatts: round(savedWatts) }
}

const round = (value: number): number => Math.round(value * 10) / 10
