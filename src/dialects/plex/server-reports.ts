import type { MediaInfo, VideoStream } from '../../media/media-info.ts'
import { openControlChannel } from './control-channel.ts'
import { failureReport } from './failure.ts'
import type { Exchanger } from './http-exchange.ts'
import { logLevels, type PlexServer } from './job.ts'
import { type ListClient, openListClient } from './list-client.ts'
import { openProgressReporter, type ProgressReporter, type ReporterMemory } from './progress-reporter.ts'
import { openSendQueue, type SendQueue } from './send-queue.ts'
import { openServerCalls, type ServerCalls } from './server-calls.ts'
import { reportedDuration, sizeReport, streamReports } from './stream-report.ts'

export interface ServerReportsOptions {
  readonly server: PlexServer
  /** Where segments are listed; null for a job that makes a file. */
  readonly listUrl: string | null
  /** The way to the server, from where it is. */
  readonly exchange: Exchanger
  /** Seconds of output made so far without a gap, counted from where the job began; asked twice a second. */
  readonly positionSeconds: () => number
  /** How long the file is by now; segments have no such length. */
  readonly sizeBytes?: () => number
  /** The server asks to slow down (true), or no longer does (false). */
  readonly onThrottle: (throttled: boolean) => void
  /** The server did not take a call; the job goes on, as it does with the server's own transcoder. */
  readonly onProblem: (problem: string) => void
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  /** Aborting it is {@link ServerReports.abandon}. */
  readonly signal?: AbortSignal
  /** Between progress reports; 500 unless told. */
  readonly reportMilliseconds?: number
  /** For one call to the server; 5,000 unless told. */
  readonly timeoutMilliseconds?: number
}

/**
 * Tells the media server of one job what its own transcoder would tell it, in the same order: every call goes
 * through one queue. A server that fails or is gone never fails a call here.
 */
export interface ServerReports {
  /**
   * Says what the inputs hold, the film first, and makes the first progress report; from then on reports go out by
   * themselves. `copied`: pictures that are not encoded, whose size is known before the first of them.
   */
  begin(inputs: readonly MediaInfo[], copied?: VideoStream): Promise<void>
  /** As begin(), of which the server has heard before: another process told it. */
  goOn(inputs: readonly MediaInfo[], memory: ReporterMemory): void
  /** The job is done: a last report, unless there was one already, and the end of all. */
  finish(): Promise<void>
  /**
   * The job failed: tells the server why in FFmpeg's words, ends, and resolves with the exit code. `input` is the
   * one that could not be opened, if that is what failed.
   */
  fail(error: unknown, input?: { readonly index: number; readonly path: string }): Promise<number>
  /** The transcoder was killed: connections are cut, nothing more is sent, waiting calls resolve. */
  abandon(): void
}

/** What reports are made with, for those who send more than reports. */
export interface OpenedReports extends ServerReports {
  readonly calls: ServerCalls
  readonly queue: SendQueue
  readonly reporter: ProgressReporter
  /** The way to a list other than the job's own. */
  listAt(listUrl: string): ListClient
}

/** Wires them; nothing is sent before the first call. */
export function openServerReports(options: ServerReportsOptions): OpenedReports {
  const stop = new AbortController()
  const wired = wire(options, stop.signal)
  const { calls, queue, reporter } = wired

  function end(): void {
    reporter.stop()
    stop.abort()
    options.signal?.removeEventListener('abort', end)
  }
  options.signal?.addEventListener('abort', end, { once: true })
  if (options.signal?.aborted) end()

  return {
    ...wired,
    begin: (inputs, copied) =>
      queue.add(async () => {
        const [film] = inputs
        const durationSeconds = film ? reportedDuration(film) : null
        for (const suffix of inputs.flatMap(streamReports)) await calls.put(suffix)
        await calls.put(`?duration=${(durationSeconds ?? -1).toFixed(6)}`)
        if (copied) await calls.put(sizeReport(copied))
        await reporter.begin(durationSeconds, copied !== undefined)
      }),
    goOn: ([film], memory) => reporter.goOn(film ? reportedDuration(film) : null, memory),
    finish: async () => {
      await queue.add(() => reporter.end())
      end()
    },
    fail: async (error, input) => {
      reporter.stop()
      const { messages, exitCode } = failureReport(error, input)
      await queue.add(async () => {
        if (options.server.logLevel < logLevels.error) return
        for (const message of messages) await calls.log(0, message)
      })
      end()
      return exitCode
    },
    abandon: end,
  }
}

function wire(options: ServerReportsOptions, signal: AbortSignal) {
  const { server, listUrl, exchange, timeoutMilliseconds = 5000, sizeBytes } = options
  const connection = { exchange, timeoutMilliseconds, signal }
  const { progressUrl, hasToken, logLevel } = server
  const control = openControlChannel({ ...connection, progressUrl, hasToken })
  const listClient = listUrl === null ? null : openListClient({ ...connection, listUrl })
  const { onProblem, positionSeconds, onThrottle, now } = options
  const calls = openServerCalls({ control, listClient, logLevel, onProblem, signal })
  const queue = openSendQueue(signal)
  const reporter = openProgressReporter({
    ...{ calls, queue, positionSeconds, onThrottle, now, signal },
    sizeBytes: () => sizeBytes?.() ?? null,
    intervalMilliseconds: options.reportMilliseconds ?? 500,
  })
  return { calls, queue, reporter, listAt: (url: string) => openListClient({ ...connection, listUrl: url }) }
}
