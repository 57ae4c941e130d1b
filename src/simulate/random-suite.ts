import { randomCase } from './random-case.ts'
import { type SimulationReport, simulate } from './report.ts'
import type { Grain } from './run.ts'

export interface RandomSuite {
  readonly reports: readonly SimulationReport[]
  readonly grain: Grain
  readonly medianRatio: number
  readonly worstRatio: number
  readonly latestStartSeconds: number
  /** Cases in which somebody waited longer than promisedStartSeconds for a first segment. */
  readonly casesWithLateStart: number
  readonly stalls: number
  readonly stalledSeconds: number
  readonly casesWithStall: number
  /** Viewers for whom no fleet had room, of all that came. */
  readonly leftToServer: number
}

/** What every viewer is promised, seconds. */
export const promisedStartSeconds = 1.5

/** So many random fleets and workloads; see randomCase. `onCase` is called with each report when it is there. */
export function randomSuite(
  cases: number,
  days: number,
  seed: number,
  grain: Grain,
  onCase: (report: SimulationReport, number: number) => void = () => undefined,
): RandomSuite {
  const reports = Array.from({ length: cases }, (_, index) => {
    const name = `${seed}-${index + 1}`
    const { fleet, viewings, beyond } = randomCase(name, days)
    const { report } = simulate({ fleet, viewings, days, seed, grain })
    const whole = { ...report, refused: report.refused + beyond }
    onCase(whole, index + 1)
    return whole
  })
  // Where nobody came in those days there is nothing to compare.
  const played = reports.filter(({ sessions }) => sessions > 0)
  const ratios = played.map(({ ratio }) => ratio).sort((a, b) => a - b)
  const half = ratios.length / 2
  const medianRatio = ratios.length > 0 ? (ratios[Math.ceil(half) - 1]! + ratios[Math.floor(half)]!) / 2 : 1
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    ...{ reports, grain, medianRatio: rounded(medianRatio, 4), worstRatio: ratios.at(-1) ?? 1 },
    latestStartSeconds: Math.max(...reports.map(({ startMaxSeconds }) => startMaxSeconds)),
    casesWithLateStart: reports.filter(({ startMaxSeconds }) => startMaxSeconds > promisedStartSeconds)
      .length,
    stalls: sum(reports.map(({ stalls }) => stalls)),
    stalledSeconds: rounded(sum(reports.map(({ stalledSeconds }) => stalledSeconds)), 2),
    casesWithStall: reports.filter(({ stalls }) => stalls > 0).length,
    leftToServer: sum(reports.map(({ refused }) => refused)),
  }
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits
