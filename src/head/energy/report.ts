import type { EnergySettings } from '../../power/energy-settings.ts'
import type { NodePower } from '../power/power-state.ts'
import { baselinesOf } from './baselines.ts'
import type { Cell } from './cell.ts'
import type { Energy, EnergyReport, NodeReport, NowNode, NowReport, PeriodReport } from './energy-report.ts'
import type { Taken, TakenNode } from './energy-taker.ts'
import type { DayRow, PeriodRows, SessionRow } from './ledger-messages.ts'
import type { Period } from './periods.ts'
import { dayText } from './stamp.ts'

export interface ReportFacts {
  readonly at: Date
  readonly energy: EnergySettings
  readonly taken: Taken
  readonly known: readonly Pick<NodePower, 'id' | 'name' | 'profile'>[]
  readonly periods: readonly (Period & { readonly rows: PeriodRows })[]
  /** What the rows do not have yet. */
  readonly unwritten: readonly Cell[]
  readonly trouble: string | null
}

const joulesPerKwh = 3_600_000

export function reportOf(facts: ReportFacts): EnergyReport {
  const { at, energy, taken, periods, trouble } = facts
  return {
    atMs: at.getTime(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    price: energy.price,
    now: nowOf(taken),
    periods: periods.map((period) => periodOf(facts, period)),
    trouble,
  }
}

function nowOf({ nodes, floor }: Taken): NowReport {
  const draws = [...nodes.flatMap((node) => node.draws), ...floor].filter(({ state }) => state !== 'unknown')
  return {
    watts: draws.reduce((sum, { watts }) => sum + watts, 0),
    basis: draws.length > 0 && draws.every(({ basis }) => basis === 'measured') ? 'measured' : 'modelled',
    nodes: nodes.map(nowNode),
    floor: floor.map(({ node, watts, basis }) => ({ name: node, watts, basis })),
  }
}

/** A node that has leases is busy, whatever share of its watts that is. */
export function nowNode({ id, name, read, draws }: TakenNode): NowNode {
  const state = draws.find((draw) => draw.state === 'busy')?.state ?? draws[0]?.state ?? 'idle'
  const basis = draws.every((draw) => draw.basis === 'measured') && draws.length > 0 ? 'measured' : 'modelled'
  return {
    ...{ id, name, state, basis },
    watts: state === 'unknown' ? null : draws.reduce((sum, { watts }) => sum + watts, 0),
    boundary: read?.boundary ?? null,
    source: read?.source ?? null,
  }
}

function periodOf(facts: ReportFacts, { name, range, rows }: ReportFacts['periods'][number]): PeriodReport {
  const { energy, taken, known } = facts
  const fresh = facts.unwritten.filter(({ day }) => day >= range.from && day <= range.to)
  const all: DayRow[] = [...rows.nodes, ...fresh]
  const price = energy.price?.perKwh ?? null
  const names = new Map([...taken.nodes, ...known].map((node) => [node.id, node.name]))
  const reads = new Map(taken.nodes.map(({ id, read }) => [id, read]))
  const profiles = new Map(known.map(({ id, profile }) => [id, profile]))
  const drawn = all.filter(({ node, state }) => node !== '' && state !== 'floor')
  const coveredSeconds = sum(
    all.filter(({ node, state }) => node === '' && state === 'floor'),
    'seconds',
  )
  const total = energyOf(all, price)
  const nodes = [...groups(drawn, ({ node }) => node)].map(([id, own]) => ({
    ...{ id, name: names.get(id) ?? id, boundary: reads.get(id)?.boundary ?? null },
    ...energyOf(own, price),
    states: statesOf(own),
  }))
  const unknown = nodes.filter(isUnknown).map((node) => node.name)
  return {
    ...{ name, from: dayText(range.from), to: dayText(range.to), coveredSeconds, total, nodes, unknown },
    floor: [
      ...groups(
        all.filter(({ node, state }) => node !== '' && state === 'floor'),
        ({ node }) => node,
      ),
    ].map(([part, own]) => ({ name: part, ...energyOf(own, price) })),
    ...sessionsOf(rows, fresh, price),
    baselines: baselinesOf({
      ...{ rows: all, seconds: coveredSeconds, energy },
      idleWattsOf: (id) => reads.get(id)?.idleWatts ?? profiles.get(id)?.idleWatts ?? null,
    }).map(({ name: baseline, what, joules }) => {
      // A node that is not counted is on neither side where nodes are compared with nodes.
      const isKnown = baseline === 'always-on' || unknown.length === 0
      const saved = isKnown ? amount(joules - total.joules, price) : null
      return {
        ...{ name: baseline, what, ...amount(joules, price) },
        ...{ savedJoules: saved?.joules ?? null, savedKwh: saved?.kwh ?? null },
        savedCost: saved?.cost ?? null,
      }
    }),
  }
}

/** More is no gap between a start of the head and a first reading. */
const mostUnknownShare = 0.05

function isUnknown({ states }: Pick<NodeReport, 'states'>): boolean {
  const seconds = Object.values(states).reduce((all, state) => all + state.seconds, 0)
  return (states.unknown?.seconds ?? 0) > seconds * mostUnknownShare
}

function sessionsOf(
  rows: PeriodRows,
  fresh: readonly Cell[],
  price: number | null,
): Pick<PeriodReport, 'sessions' | 'sessionCount'> {
  const unwritten = fresh.filter(({ session }) => session !== '')
  const all: (Pick<SessionRow, 'session' | 'basis' | 'joules'> & { readonly title?: string | null })[] = [
    ...rows.sessions,
    ...unwritten,
  ]
  const written = new Set(rows.sessions.map(({ session }) => session))
  const sessions = [...groups(all, ({ session }) => session)].map(([id, own]) => ({
    ...{ id, title: own.find(({ title }) => title)?.title ?? null },
    ...energyOf(own, price),
  }))
  const others = new Set(unwritten.flatMap(({ session }) => (written.has(session) ? [] : [session])))
  return {
    sessions: sessions.toSorted((a, b) => b.joules - a.joules),
    sessionCount: rows.sessionCount + others.size,
  }
}

function statesOf(rows: readonly DayRow[]): NodeReport['states'] {
  return Object.fromEntries(
    [...groups(rows, ({ state }) => state)].map(([state, own]) => [
      state,
      { joules: sum(own, 'joules'), seconds: sum(own, 'seconds') },
    ]),
  )
}

function energyOf(rows: readonly Pick<DayRow, 'basis' | 'joules'>[], price: number | null): Energy {
  const joules = sum(rows, 'joules')
  const drawing = rows.filter((row) => row.joules > 0)
  const measuredJoules = sum(
    drawing.filter(({ basis }) => basis === 'measured'),
    'joules',
  )
  const isMeasured = drawing.length > 0 && drawing.every(({ basis }) => basis === 'measured')
  return { ...amount(joules, price), measuredJoules, basis: isMeasured ? 'measured' : 'modelled' }
}

function amount(joules: number, price: number | null): Pick<Energy, 'joules' | 'kwh' | 'cost'> {
  const kwh = joules / joulesPerKwh
  return { joules, kwh, cost: price === null ? null : kwh * price }
}

function sum<K extends string>(rows: readonly Readonly<Record<K, number>>[], key: K): number {
  return rows.reduce((total, row) => total + row[key], 0)
}

function groups<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const found = new Map<K, T[]>()
  for (const row of rows) {
    const group = found.get(keyOf(row))
    if (group) group.push(row)
    else found.set(keyOf(row), [row])
  }
  return found
}
