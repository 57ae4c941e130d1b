import { PacelineError } from '../errors.ts'
import { printableLines } from '../printable.ts'
import { RemoteError } from './api-client.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { systemFailure } from './system-failure.ts'

/** Says on stderr what happened, where, and what to try; returns the exit code that goes with it. */
export function complain(thrown: unknown): number {
  const error = systemFailure(thrown) ?? thrown
  if (error instanceof PacelineError || error instanceof RemoteError) {
    // Both may name a film, or say what a node has said.
    process.stderr.write(`paceline: ${printableLines(error.message)}\n`)
    if (error.hint !== undefined) process.stderr.write(`          ${printableLines(error.hint)}\n`)
    return exitCodeOf(error.code)
  }
  process.stderr.write(
    `paceline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return exitCodes.failed
}
