import { type Bar, barPlot } from './bar-plot.ts'
import { promisedStartSeconds, type RandomSuite } from './random-suite.ts'
import type { SimulationReport } from './report.ts'
import { type FloorPart, modules, type SixStreamRow, wall } from './six-streams.ts'
import type { SweepRow } from './sweep.ts'

/** What a run showed, for people. */
export function reportText(report: SimulationReport): string {
  const lines: [string, string][] = [
    ['fleet', `${report.fleet}, ${count(report.nodes, 'node')}`],
    [
      'played',
      `${count(report.sessions, 'session')} in ${count(report.days, 'day')}, ${report.refused} left to the server`,
    ],
    ['energy', `${report.energyKwh} kWh, ${report.responderKwh} of it by the first responder (modelled)`],
    ['optimum', `${report.optimumKwh} kWh with the future known (${report.optimum}): ratio ${report.ratio}`],
    ['always on', `${report.alwaysOnKwh} kWh: ratio ${report.alwaysOnRatio}`],
    ['floor', `${report.floorKwh} kWh that never sleep, in none of the ratios`],
    [
      'start',
      `p50 ${report.startP50Seconds} s, p99 ${report.startP99Seconds} s, at most ${report.startMaxSeconds} s`,
    ],
    ['stalls', `${report.stalls}, ${report.stalledSeconds} s`],
    ['boots', `${report.bootsPerDay} a day, ${report.boots} in all`],
    ['peak', `${report.peakWatts} W, floor included`],
  ]
  if (report.unserved > 0)
    lines.push([
      'unserved',
      `${count(report.unserved, 'viewer')} whom no node of this fleet can or may serve`,
    ])
  if (report.beyondFleetSeconds > 0)
    lines.push([
      'beyond',
      `for ${report.beyondFleetSeconds} s those who played needed more than the whole fleet can do: no policy helps`,
    ])
  return lines.map(([name, text]) => `${name.padEnd(10)}  ${text}\n`).join('')
}

export const sweepHead: readonly string[] = ['policy', 'kWh', 'ratio', 'boots/day', 'start p99', 'stalls']

export function sweepRows(rows: readonly SweepRow[]): string[][] {
  return rows.map(({ policy, report }) => [
    policy,
    String(report.energyKwh),
    String(report.ratio),
    String(report.bootsPerDay),
    `${report.startP99Seconds} s`,
    String(report.stalls),
  ])
}

export const randomHead: readonly string[] = [
  ...['case', 'nodes', 'sessions', 'ratio', 'optimum', 'always on', 'latest start', 'stalls', 'boots/day'],
  'left to the server',
]

export function randomRows(reports: readonly SimulationReport[]): string[][] {
  return reports.map((report) => [
    ...[report.fleet, String(report.nodes), String(report.sessions), String(report.ratio), report.optimum],
    ...[String(report.alwaysOnRatio), `${report.startMaxSeconds} s`, String(report.stalls)],
    ...[String(report.bootsPerDay), String(report.refused)],
  ])
}

export function randomSummary(suite: RandomSuite): string {
  const { reports, grain, medianRatio, worstRatio, latestStartSeconds, casesWithLateStart } = suite
  const { stalls, stalledSeconds, casesWithStall, leftToServer } = suite
  const of = (cases: number) => `in ${cases} of ${reports.length} cases`
  const sessions = reports.reduce((total, report) => total + report.sessions, 0)
  return [
    `modelled, ${count(reports[0]?.days ?? 0, 'day')} each, grain ${grain}, ${sessions} sessions`,
    `ratio to the optimum: median ${medianRatio}, worst ${worstRatio}`,
    `latest start ${latestStartSeconds} s, later than ${promisedStartSeconds} s ${of(casesWithLateStart)}`,
    `${count(stalls, 'stall')}, ${stalledSeconds} s together, ${of(casesWithStall)}`,
    `${leftToServer} viewers came while their fleet was full, and were left to the server (in neither side of the ratio)\n`,
  ].join('\n')
}

export const sixStreamsHead: readonly string[] = [
  ...['fleet', 'begins', 'floor', 'warm', 'idle', 'peak', 'streams', 'latest start', 'stalls', 'does it'],
]

export function sixStreamsRows(rows: readonly SixStreamRow[]): string[][] {
  const watts = (value: number) => `${value.toFixed(1)} W`
  return rows.map((row) => [
    ...[
      row.fleet,
      row.begins,
      watts(row.idleWatts - row.warmWatts),
      watts(row.warmWatts),
      watts(row.idleWatts),
    ],
    ...[
      watts(row.peakWatts),
      `${row.started} of 6`,
      `${row.startMaxSeconds.toFixed(2)} s`,
      String(row.stalls),
    ],
    row.does ? 'yes' : 'no',
  ])
}

export const floorHead: readonly string[] = ['part of the floor', 'watts at the wall', 'from']

export function floorRows(parts: readonly FloorPart[]): string[][] {
  return parts.map(({ name, watts, from }) => [name, `${watts.toFixed(1)} W`, from])
}

export const modulesHead: readonly string[] = [
  ...['module', '4K30 HEVC decoded', '1080p30 encoded', 'streams', 'mode', 'busy, wall', 'idle, wall'],
  'idle from',
]

export function modulesRows(): string[][] {
  return Object.values(modules).map(({ name, decodes, encodes, modeWatts, idleWatts, idleFrom }) => [
    ...[name, String(decodes), String(encodes), String(Math.min(decodes, encodes)), `${modeWatts} W`],
    ...[`${wall(modeWatts).toFixed(1)} W`, `${wall(idleWatts).toFixed(1)} W`, idleFrom],
  ])
}

export function sweepPlot(rows: readonly SweepRow[]): string {
  const first = rows[0]!.report
  const bars = rows.map(
    ({ policy, report }): Bar => ({
      name: policy,
      value: report.energyKwh,
      label: `${report.energyKwh} kWh, ${report.bootsPerDay} boots a day`,
    }),
  )
  return barPlot(`${first.fleet}, ${count(first.days, 'day')} (modelled)`, bars, {
    value: first.optimumKwh,
    label: `optimum (${first.optimum}) ${first.optimumKwh} kWh`,
  })
}

export function reportPlot(report: SimulationReport): string {
  const bars: Bar[] = [
    {
      name: 'Paceline',
      value: report.energyKwh,
      label: `${report.energyKwh} kWh, ${report.ratio} of the optimum`,
    },
    {
      name: 'all always on',
      value: report.alwaysOnKwh,
      label: `${report.alwaysOnKwh} kWh, ${report.alwaysOnRatio}`,
    },
    { name: 'floor', value: report.floorKwh, label: `${report.floorKwh} kWh, in neither` },
  ]
  return barPlot(`${report.fleet}, ${count(report.days, 'day')} (modelled)`, bars, {
    value: report.optimumKwh,
    label: `optimum (${report.optimum})`,
  })
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
