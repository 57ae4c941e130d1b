/**
 * Why a job stays with the server's own transcoder. Thrown inside this room only; its entry functions turn it into a
 * value.
 */
export class NotPlannable extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotPlannable'
  }
}

/** A job that is not understood well enough: the reason is for people. */
export interface LocalJob {
  readonly local: string
}

/** Runs `plan` and turns a refusal into a value. */
export function orLocal<T>(plan: () => T): T | LocalJob {
  try {
    return plan()
  } catch (error) {
    if (error instanceof NotPlannable) return { local: error.message }
    throw error
  }
}
