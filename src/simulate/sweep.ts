import { type PolicyName, policyNames, policyOf } from './other-policies.ts'
import { type SimulationReport, simulate } from './report.ts'
import type { RunOptions } from './run.ts'

export interface SweepRow {
  readonly policy: PolicyName
  readonly report: SimulationReport
}

/** The same workload on the same fleet under each policy. */
export function sweep(options: Omit<RunOptions, 'policy'>): SweepRow[] {
  return policyNames.map((policy) => ({
    policy,
    report: simulate({
      ...options,
      policy: policyOf(policy, options.fleet),
      areOn: policy === 'always-on',
    }).report,
  }))
}
