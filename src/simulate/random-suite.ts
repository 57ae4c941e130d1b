import { randomCase } from './random-case.ts'
import { type SimulationReport, simulate } from './report.ts'
import type { Grain } from './run.ts'

export interface RandomSuite {
  readonly reports: readonly SimulationReport[]
  readonly medianRatio: number
  readonly worstRatio: number
}

/** So many random fleets and workloads; see randomCase. */
export function randomSuite(cases: number, days: number, seed: number, grain: Grain): RandomSuite {
  const reports = Array.from({ length: cases }, (_, index) => {
    const name = `${seed}-${index + 1}`
    const { fleet, viewings, beyond } = randomCase(name, days)
    const { report } = simulate({ fleet, viewings, days, seed, grain })
    return { ...report, refused: report.refused + beyond }
  })
  const ratios = reports.map(({ ratio }) => ratio).sort((a, b) => a - b)
  const half = ratios.length / 2
  const medianRatio = (ratios[Math.ceil(half) - 1]! + ratios[Math.floor(half)]!) / 2
  return { reports, medianRatio, worstRatio: ratios.at(-1)! }
}
