import { type LocalCode, localReasons } from './local-reasons.ts'

/**
 * Why a job stays with the server's own transcoder. Thrown inside this room only; its entry functions turn it into a
 * value.
 */
export class NotPlannable extends Error {
  readonly code: LocalCode

  /** @param detail what in this job it is about: `the filter yadif`. */
  constructor(code: LocalCode, detail: string) {
    super(detail)
    this.name = 'NotPlannable'
    this.code = code
  }
}

/** A job for the server's own transcoder. */
export interface LocalJob {
  readonly code: LocalCode
  /** Why, for people: begins with the code. */
  readonly local: string
}

/** A job that stays local, with what the code means and what in this job it is about. */
export function localJob(code: LocalCode, detail?: string): LocalJob {
  const meaning = `${code}: ${localReasons[code]}`
  return { code, local: detail === undefined ? meaning : `${meaning} (${detail})` }
}

/** Runs `plan` and turns a refusal into a value. */
export function orLocal<T>(plan: () => T): T | LocalJob {
  try {
    return plan()
  } catch (error) {
    if (error instanceof NotPlannable) return localJob(error.code, error.message)
    throw error
  }
}
