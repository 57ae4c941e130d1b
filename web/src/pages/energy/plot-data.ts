import type { EnergyHistory, EnergyPeriod } from '../../../../src/head/api/contract/energy.ts'

/** One line of a plot: mean watts in each step. */
export interface PlotSeries {
  readonly name: string
  readonly watts: readonly (number | null)[]
}

export interface PlotData {
  /** Beginnings of the steps, seconds since 1970, ascending. */
  readonly seconds: readonly number[]
  readonly stepSeconds: number
  /** All together first, then those that took the most. */
  readonly series: readonly PlotSeries[]
}

/** So many are told apart; the rest is in the sum. */
const mostSeries = 6

/** What to ask for to plot a period: its hours, or its days. */
export function historyQueryOf(name: EnergyPeriod['name']): string {
  if (name === 'today') return 'step=minute&last=1440'
  return name === 'week' ? 'step=hour&last=168' : 'step=day&last=31'
}

/**
 * Mean watts of each step and node, from the joules that the ledger has: joules over the seconds of the step that it has seen,
 * so that a step that has just begun, or in which the head was away, is not taken for one of little power.
 */
export function plotDataOf({ step, points }: EnergyHistory, nameOf: (id: string) => string): PlotData {
  const startOf = ({ startMs, day }: EnergyHistory['points'][number]) =>
    startMs === null ? Date.parse(`${day}T00:00:00`) / 1000 : startMs / 1000
  const seconds = [...new Set(points.map(startOf))].sort((one, other) => one - other)
  const placeOf = new Map(seconds.map((start, place) => [start, place]))
  const seen = seconds.map((start) => seenOf(points.filter((point) => startOf(point) === start)))
  const joulesOf = new Map<string, number>()
  for (const { node, joules } of points) joulesOf.set(node, (joulesOf.get(node) ?? 0) + joules)
  const shown = [...joulesOf].sort((one, other) => other[1] - one[1]).slice(0, mostSeries)
  const lines = new Map(shown.map(([node]) => [node, seconds.map((): number | null => null)]))
  const sum = seconds.map(() => 0)
  for (const point of points) {
    const place = placeOf.get(startOf(point))!
    const watts = point.joules / seen[place]!
    sum[place] = sum[place]! + watts
    const line = lines.get(point.node)
    if (line) line[place] = (line[place] ?? 0) + watts
  }
  const named = [...lines].map(([node, watts]) => ({ name: nameOf(node), watts }))
  const stepSeconds = secondsOf[step]
  return { seconds, stepSeconds, series: [{ name: 'All together', watts: sum }, ...named] }
}

const secondsOf = { minute: 60, hour: 3_600, day: 86_400 } as const

/**
 * The same as lines of steps: each holds to its end, also the last, and where the ledger has nothing between two of them
 * nothing is drawn.
 */
export function stepsOf({ seconds, stepSeconds, series }: PlotData): PlotData {
  // Where the clock is set, days have an hour more or less.
  const isNext = (place: number) => (seconds[place + 1] ?? Infinity) - seconds[place]! < stepSeconds * 1.5
  const ends = seconds.map((start, place) =>
    isNext(place) ? [] : [start + stepSeconds, start + stepSeconds + 1],
  )
  const spread = <T>(values: readonly T[], atEnd: (value: T) => readonly T[]) =>
    values.flatMap((value, place) => [value, ...(isNext(place) ? [] : atEnd(value))])
  return {
    stepSeconds,
    seconds: seconds.flatMap((start, place) => [start, ...ends[place]!]),
    series: series.map(({ name, watts }) => ({ name, watts: spread(watts, (value) => [value, null]) })),
  }
}

/** How much of a step the ledger has seen, seconds: as much as of the node of which it has seen most. */
function seenOf(points: EnergyHistory['points']): number {
  const byNode = new Map<string, number>()
  for (const { node, seconds } of points) byNode.set(node, (byNode.get(node) ?? 0) + seconds)
  return Math.max(1, ...byNode.values())
}
