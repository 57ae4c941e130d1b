import { PacelineError } from '../errors.ts'
import { RemoteError } from './api-client.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'

/** Says on stderr what happened, where, and what to try; returns the exit code that goes with it. */
export function complain(error: unknown): number {
  if (error instanceof PacelineError || error instanceof RemoteError) {
    process.stderr.write(`paceline: ${error.message}\n`)
    if (error.hint !== undefined) process.stderr.write(`          ${error.hint}\n`)
    return exitCodeOf(error.code)
  }
  process.stderr.write(
    `paceline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return exitCodes.failed
}
