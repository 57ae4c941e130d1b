/** What a check found, and what to do about it when it is not as it should be. */
export interface Finding {
  readonly ok: boolean
  readonly found: string
  /** Null when all is well. */
  readonly remedy: string | null
}

/** One thing that usually goes wrong. A check never throws for what it is about. */
export interface Check {
  readonly name: string
  look(): Promise<Finding>
}

export interface CheckResult extends Finding {
  readonly name: string
}

export function well(found: string): Finding {
  return { ok: true, found, remedy: null }
}

export function ill(found: string, remedy: string): Finding {
  return { ok: false, found, remedy }
}

/** Carries out the checks one after the other: some measure time. `onResult` hears of each as it is done. */
export async function carryOutChecks(
  checks: readonly Check[],
  onResult: (result: CheckResult, number: number) => void,
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const check of checks) {
    const result = { name: check.name, ...(await check.look()) }
    results.push(result)
    onResult(result, results.length)
  }
  return results
}
