import type { Watts } from '../api/contract/node-view.ts'
import type { FleetLine } from '../api/contract/snapshot.ts'
import type { EnergyReport } from './energy-report.ts'
import type { Taken, TakenNode } from './energy-taker.ts'

const asleep = ['off', 'waking', 'going-to-sleep']

/** What a node draws now; null where nobody knows. */
export function wattsOf({ draws, now, read }: TakenNode): Watts | null {
  if (!now.isHere && read === null && now.profile === null) return null
  if (draws.length === 0 || draws.some(({ state }) => state === 'unknown')) return null
  const isMeasured = draws.every(({ basis }) => basis === 'measured')
  return { value: round(sum(draws)), source: isMeasured ? 'measured' : 'modelled' }
}

/** Everything in one line, now. Nodes that nobody knows the watts of are in none of its numbers. */
export function lineOf({ nodes, floor }: Taken, month: FleetLine['month']): FleetLine {
  const known = nodes.filter((node) => wattsOf(node) !== null)
  const draws = [...known.flatMap((node) => node.draws), ...floor]
  if (draws.length === 0) return { watts: null, savedWatts: null, month }
  const isMeasured = draws.every(({ basis }) => basis === 'measured')
  const saved = known
    .filter((node) => node.draws.every(({ state }) => asleep.includes(state)))
    .map((node) => idleWattsOf(node) - sum(node.draws))
  return {
    watts: { value: round(sum(draws)), source: isMeasured ? 'measured' : 'modelled' },
    savedWatts: round(saved.reduce((total, each) => total + Math.max(0, each), 0)),
    month,
  }
}

/** This month, against nodes that are all on all the time; null while nothing is known of it. */
export function monthOf({ periods, price }: EnergyReport): FleetLine['month'] {
  const month = periods.find(({ name }) => name === 'month')
  const alwaysOn = month?.baselines.find(({ name }) => name === 'always-on')
  if (!month || !alwaysOn || month.total.joules === 0) return null
  return {
    ...{ kwh: month.total.kwh, savedKwh: alwaysOn.savedKwh ?? 0, source: month.total.basis },
    ...{ cost: month.total.cost, savedCost: alwaysOn.savedCost, currency: price?.currency ?? null },
  }
}

const idleWattsOf = ({ now, read }: TakenNode): number => read?.idleWatts ?? now.profile?.idleWatts ?? 0

const sum = (draws: readonly { readonly watts: number }[]): number =>
  draws.reduce((total, { watts }) => total + watts, 0)

const round = (value: number): number => Math.round(value * 10) / 10
