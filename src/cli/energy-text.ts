import { tableText } from './table.ts'

type Basis = 'measured' | 'modelled'

interface ShownEnergy {
  readonly joules: number
  readonly basis: Basis
  readonly kwh: number
  readonly cost: number | null
}

/** What `GET /api/v1/energy` answers, as far as it is shown here. */
export interface ShownEnergyReport {
  readonly price: { readonly perKwh: number; readonly currency: string } | null
  readonly now: {
    readonly watts: number
    readonly basis: Basis
    readonly nodes: readonly {
      readonly name: string
      readonly state: string
      readonly watts: number | null
      readonly basis: Basis
      readonly boundary: string | null
      readonly source: string | null
    }[]
    readonly floor: readonly { readonly name: string; readonly watts: number; readonly basis: Basis }[]
  }
  readonly periods: readonly ShownPeriod[]
  readonly trouble: string | null
}

interface ShownPeriod {
  readonly name: 'today' | 'week' | 'month'
  readonly from: string
  readonly to: string
  readonly coveredSeconds: number
  readonly total: ShownEnergy
  readonly nodes: readonly (ShownEnergy & {
    readonly name: string
    readonly states: Readonly<Record<string, { readonly joules: number; readonly seconds: number }>>
  })[]
  readonly floor: readonly (ShownEnergy & { readonly name: string })[]
  readonly sessions: readonly (ShownEnergy & { readonly id: string; readonly title: string | null })[]
  readonly sessionCount: number
  /** Names of nodes that are in no sum, since nobody knows their watts. */
  readonly unknown: readonly string[]
  readonly baselines: readonly {
    readonly what: string
    readonly kwh: number
    readonly cost: number | null
    readonly savedKwh: number | null
    readonly savedCost: number | null
  }[]
}

const periodNames = { today: 'Today', week: 'The last 7 days', month: 'This month' } as const
/** More than that nobody reads in a terminal. */
const mostSessions = 10

/** The report for people: what is drawn now, then each period with its parts, its sessions and its comparisons. */
export function energyText(report: ShownEnergyReport): string {
  const periods = report.periods.map((period) => periodText(period, report.price?.currency ?? null))
  const trouble = report.trouble === null ? '' : `\n${report.trouble}\n`
  return `${nowText(report.now)}\n${periods.join('\n')}${trouble}`
}

function nowText({ watts, basis, nodes, floor }: ShownEnergyReport['now']): string {
  const rows = [
    ...nodes.map((node) => [
      ...[node.name, node.state, node.watts === null ? 'unknown' : wattsText(node.watts)],
      ...[
        node.watts === null ? '' : node.basis,
        node.source === null ? '' : `${node.source}, ${node.boundary}`,
      ],
    ]),
    ...floor.map((part) => [part.name, 'never sleeps', wattsText(part.watts), part.basis, '']),
  ]
  const isUnknown = nodes.length > 0 && floor.length === 0 && nodes.every((node) => node.watts === null)
  const total = isUnknown ? 'Now: unknown\n' : `Now: ${wattsText(watts)}, ${basis}\n`
  return rows.length === 0 ? total : `${total}\n${tableText(['what', 'state', 'watts', 'basis', 'by'], rows)}`
}

function periodText(period: ShownPeriod, currency: string | null): string {
  const { name, from, to, coveredSeconds, total, nodes, floor, sessions, sessionCount } = period
  const { unknown, baselines } = period
  const days = from === to ? from : `${from} to ${to}`
  const took = isNothingKnown(period) ? 'unknown' : `${amountText(total, currency)}, ${total.basis}`
  const missing =
    unknown.length === 0 ? '' : `Not in it, since nobody knows what they draw: ${unknown.join(', ')}\n`
  const head = `${periodNames[name]} (${days}, ${durationText(coveredSeconds)} seen): ${took}\n${missing}`
  const parts = [
    ...nodes.map((node) => [node.name, ...cells(node, currency), stateText(node.states)]),
    ...floor.map((part) => [part.name, ...cells(part, currency), 'never sleeps']),
  ]
  const most = sessions.slice(0, mostSessions)
  const more = sessionCount - most.length
  const others = more > 0 ? `and ${more} more\n` : ''
  return [
    head,
    ...(parts.length === 0
      ? []
      : [tableText(['what', 'energy', ...money(currency), 'basis', 'of it'], parts)]),
    ...(most.length === 0
      ? []
      : [
          tableText(
            ['session', 'energy', ...money(currency), 'basis'],
            most.map((each) => [each.title ?? each.id, ...cells(each, currency)]),
          ) + others,
        ]),
    tableText(
      ['instead', 'energy', ...money(currency), 'saved'],
      baselines.map(({ what, kwh, cost, savedKwh, savedCost }) => [
        ...[what, kwhText(kwh), ...moneyCell(cost, currency)],
        savedKwh === null || isNothingKnown(period)
          ? 'unknown'
          : [kwhText(savedKwh), ...moneyCell(savedCost, currency)].join(', '),
      ]),
    ),
  ].join('\n')
}

/** Nothing was counted, and something was there to be counted. */
const isNothingKnown = ({ total, unknown }: ShownPeriod): boolean => total.joules === 0 && unknown.length > 0

const cells = ({ kwh, cost, basis }: ShownEnergy, currency: string | null): string[] => [
  kwhText(kwh),
  ...moneyCell(cost, currency),
  basis,
]

const money = (currency: string | null): string[] => (currency === null ? [] : ['cost'])

const moneyCell = (cost: number | null, currency: string | null): string[] =>
  cost === null || currency === null ? [] : [moneyText(cost, currency)]

function amountText({ kwh, cost }: ShownEnergy, currency: string | null): string {
  return [kwhText(kwh), ...moneyCell(cost, currency)].join(', ')
}

function stateText(states: ShownPeriod['nodes'][number]['states']): string {
  return Object.entries(states)
    .map(([state, { joules, seconds }]) =>
      state === 'unknown'
        ? `unknown for ${durationText(seconds)}`
        : `${state} ${kwhText(joules / 3_600_000)} in ${durationText(seconds)}`,
    )
    .join(', ')
}

const wattsText = (watts: number): string => `${watts.toFixed(1)} W`

/** Small numbers in smaller units, so that a night of a small board is not 0.00 kWh. */
function kwhText(kwh: number): string {
  const size = Math.abs(kwh)
  if (size < 0.001) return `${fixed(kwh * 3_600_000, 0)} J`
  return size < 0.1 ? `${fixed(kwh * 1_000, 1)} Wh` : `${fixed(kwh, 2)} kWh`
}

/** Without a minus before nothing. */
function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(0(?:\.0*)?)$/, '$1')
}

function moneyText(cost: number, currency: string): string {
  return `${fixed(cost, 2)} ${currency}`
}

function durationText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3_600).toFixed(1)} h`
}
