import type { MediaInfo } from '../../media/media-info.ts'
import { openControlChannel } from './control-channel.ts'
import { openDashAnnouncer } from './dash-announcer.ts'
import { failureReport } from './failure.ts'
import type { Exchanger } from './http-exchange.ts'
import { logLevels, type PlexJob } from './job.ts'
import { openListClient } from './list-client.ts'
import { openProgressReporter } from './progress-reporter.ts'
import { openSegmentAnnouncer, type SegmentAnnouncer, type StagedSegment } from './segment-announcer.ts'
import type { SegmentFolder } from './segment-folder.ts'
import type { OpenedRow } from './segment-list.ts'
import { openSendQueue } from './send-queue.ts'
import { openServerCalls, type ServerCalls } from './server-calls.ts'
import { reportedDuration, streamReports } from './stream-report.ts'

export interface PlexPublisherOptions {
  readonly job: PlexJob
  /** The job's working directory. */
  readonly folder: SegmentFolder
  /** The way to the server, from where it is. */
  readonly exchange: Exchanger
  /** Called when the next request to the server is the one that announces this segment. */
  readonly onAnnounce?: (segment: StagedSegment) => void
  /** Seconds of output made so far without a gap, counted from where the job began; asked twice a second. */
  readonly positionSeconds: () => number
  /** The server asks to slow down (true), or no longer does (false). */
  readonly onThrottle: (throttled: boolean) => void
  /** The server did not take a call; the job goes on, as it does with the server's own transcoder. */
  readonly onProblem: (problem: string) => void
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  /** Milliseconds since 1970, for the dates in a manifest; the machine's clock unless told. */
  readonly wallClock?: () => number
  /** Aborting it is {@link PlexPublisher.abandon}. */
  readonly signal?: AbortSignal
  /** Between progress reports; 500 unless told. */
  readonly reportMilliseconds?: number
  /** For one call to the server; 5,000 unless told. */
  readonly timeoutMilliseconds?: number
}

/**
 * Tells the media server of one job what its own transcoder would tell it, in the same order: every call goes
 * through one queue, and a segment's row is posted only when its bytes are in place. A server that fails or is gone
 * never fails a call here; a disk that fails does: `opened` and `publish` then reject with the system's error.
 */
export interface PlexPublisher {
  /**
   * Says what the inputs hold, the film first, and makes the first progress report; from then on reports go out by
   * themselves.
   */
  begin(inputs: readonly MediaInfo[]): Promise<void>
  /** The first bytes of a segment are being made: its empty file appears, and its `#` row is posted. */
  opened(row: OpenedRow): Promise<void>
  /**
   * Puts a whole segment in place and posts its row, after the `#` row if `opened` was not called for it. Rejects
   * with RangeError unless it follows the one before.
   */
  publish(segment: StagedSegment): Promise<void>
  /** The job is done: a last report, unless `publish` was told which segment is the last, and the end of all. */
  finish(): Promise<void>
  /**
   * The job failed: tells the server why in FFmpeg's words, ends, and resolves with the exit code. `input` is the
   * one that could not be opened, if that is what failed.
   */
  fail(error: unknown, input?: { readonly index: number; readonly path: string }): Promise<number>
  /** The transcoder was killed: connections are cut, nothing more is sent, waiting calls resolve. */
  abandon(): void
}

/** Wires the publisher; nothing is sent before its first call. */
export function openPlexPublisher(options: PlexPublisherOptions): PlexPublisher {
  const stop = new AbortController()
  const { calls, queue, announcer, reporter } = wire(options, stop.signal)

  function end(): void {
    reporter.stop()
    stop.abort()
    options.signal?.removeEventListener('abort', end)
  }
  options.signal?.addEventListener('abort', end, { once: true })
  if (options.signal?.aborted) end()

  return {
    begin: (inputs) =>
      queue.add(async () => {
        const [film] = inputs
        const durationSeconds = film ? reportedDuration(film) : null
        for (const suffix of inputs.flatMap(streamReports)) await calls.put(suffix)
        await calls.put(`?duration=${(durationSeconds ?? -1).toFixed(6)}`)
        await reporter.begin(durationSeconds)
      }),
    opened: (row) => queue.add(() => announcer.opened(row)),
    publish: (segment) =>
      queue.add(() => announcer.publish(segment, segment.last ? reporter.end : async () => undefined)),
    finish: async () => {
      await queue.add(() => reporter.end())
      end()
    },
    fail: async (error, input) => {
      reporter.stop()
      const { messages, exitCode } = failureReport(error, input)
      await queue.add(async () => {
        if (options.job.logLevel < logLevels.error) return
        for (const message of messages) await calls.log(0, message)
      })
      end()
      return exitCode
    },
    abandon: end,
  }
}

function wire(options: PlexPublisherOptions, signal: AbortSignal) {
  const { job } = options
  const { exchange, timeoutMilliseconds = 5000 } = options
  const connection = { exchange, timeoutMilliseconds, signal }
  const control = openControlChannel({ ...connection, progressUrl: job.progressUrl, hasToken: job.hasToken })
  const listClient = openListClient({ ...connection, listUrl: job.listUrl })
  const { onProblem, positionSeconds, onThrottle, now } = options
  const calls = openServerCalls({ control, listClient, logLevel: job.logLevel, onProblem, signal })
  const queue = openSendQueue(signal)
  const announcer = openAnnouncer(options, calls)
  const intervalMilliseconds = options.reportMilliseconds ?? 500
  const reporter = openProgressReporter({
    calls,
    queue,
    positionSeconds,
    onThrottle,
    now,
    intervalMilliseconds,
    signal,
  })
  return { calls, queue, announcer, reporter }
}

function openAnnouncer(options: PlexPublisherOptions, { postList }: ServerCalls): SegmentAnnouncer {
  const { folder, onAnnounce = () => undefined, wallClock = Date.now } = options
  const { list, firstSegment, segmentSeconds } = options.job
  if (!('mediaName' in list)) return openSegmentAnnouncer({ list, folder, postList, onAnnounce })
  const common = { folder, onAnnounce, wallClock, firstSegment, segmentSeconds }
  return openDashAnnouncer({ ...common, listing: list, postManifest: postList })
}
