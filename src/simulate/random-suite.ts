import { randomCase } from './random-case.ts'
import { type SimulationReport, simulate } from './report.ts'
import type { Grain } from './run.ts'

export interface RandomSuite {
  readonly reports: readonly SimulationReport[]
  readonly grain: Grain
  readonly medianRatio: number
  readonly worstRatio: number
  readonly latestStartSeconds: number
  readonly stalls: number
  /** Viewers for whom no fleet had room, of all that came. */
  readonly leftToServer: number
}

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
  const ratios = reports.map(({ ratio }) => ratio).sort((a, b) => a - b)
  const half = ratios.length / 2
  const medianRatio = (ratios[Math.ceil(half) - 1]! + ratios[Math.floor(half)]!) / 2
  return {
    ...{ reports, grain, medianRatio, worstRatio: ratios.at(-1)! },
    latestStartSeconds: Math.max(...reports.map(({ startMaxSeconds }) => startMaxSeconds)),
    stalls: reports.reduce((total, { stalls }) => total + stalls, 0),
    leftToServer: reports.reduce((total, { refused }) => total + refused, 0),
  }
}
