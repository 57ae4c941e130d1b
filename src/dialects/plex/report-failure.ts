import { openControlChannel } from './control-channel.ts'
import { failureReport } from './failure.ts'
import { type Exchanger, isReply } from './http-exchange.ts'
import { logLevels, type PlexServer } from './job.ts'
import { percentEncode } from './percent-encode.ts'

/** An input that could not be opened. */
export interface UnopenedInput {
  readonly index: number
  readonly path: string
  /** What the probe or the system threw. */
  readonly error: unknown
}

export interface FailureReport {
  readonly server: PlexServer
  readonly input: UnopenedInput
  readonly exchange: Exchanger
  readonly signal: AbortSignal
  /** The server did not take a call. */
  readonly onProblem: (problem: string) => void
}

const timeoutMilliseconds = 5_000

/**
 * Tells the media server that an input cannot be opened, as its own transcoder does before anything else has been
 * told, and resolves with the exit code that goes with it.
 */
export async function reportUnopenedInput(report: FailureReport): Promise<number> {
  const { server, input, exchange, signal } = report
  const { messages, exitCode } = failureReport(input.error, input)
  if (server.logLevel < logLevels.error) return exitCode
  const control = openControlChannel({ ...server, exchange, timeoutMilliseconds, signal })
  for (const message of messages) {
    const reply = await control.send('POST', `/log?level=0&message=${percentEncode(message)}`)
    if (!isReply(reply)) report.onProblem(`log: ${reply.failed}`)
  }
  return exitCode
}
