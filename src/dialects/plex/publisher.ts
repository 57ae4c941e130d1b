import { openDashAnnouncer } from './dash-announcer.ts'
import type { PlexJob } from './job.ts'
import type { ReporterMemory } from './progress-reporter.ts'
import { openSegmentAnnouncer, type SegmentAnnouncer, type StagedSegment } from './segment-announcer.ts'
import type { SegmentFolder } from './segment-folder.ts'
import type { OpenedRow } from './segment-list.ts'
import type { ServerCalls } from './server-calls.ts'
import { openServerReports, type ServerReports, type ServerReportsOptions } from './server-reports.ts'
import { openTextOutputs } from './text-outputs.ts'

export interface PlexPublisherOptions extends Omit<ServerReportsOptions, 'server' | 'listUrl' | 'sizeBytes'> {
  readonly job: PlexJob
  /** The job's working directory. */
  readonly folder: SegmentFolder
  /** Called, and waited for, when the next request to the server is the one that announces this segment. */
  readonly onAnnounce?: (segment: StagedSegment) => void | Promise<void>
  /** Of the publisher that began the job, whose text beside it had none. */
  readonly memory?: PublisherMemory | undefined
  /** Milliseconds since 1970, for the dates in a manifest; the machine's clock unless told. */
  readonly wallClock?: () => number
}

/** What another publisher needs to go on with the job. */
export interface PublisherMemory {
  readonly announcer: unknown
  readonly reporter: ReporterMemory
}

/**
 * Tells the media server of one job of segments what its own transcoder would tell it, in the same order; a segment's
 * row is posted only when its bytes are in place. A disk that fails fails a call: `opened` and `publish` then reject
 * with the system's error.
 */
export interface PlexPublisher extends ServerReports {
  /** The first bytes of a segment are being made: its empty file appears, and its `#` row is posted. */
  opened(row: OpenedRow): Promise<void>
  /**
   * Puts a whole segment in place and posts its row, after the `#` row if `opened` was not called for it. Rejects
   * with RangeError unless it follows the one before.
   */
  publish(segment: StagedSegment): Promise<void>
  /** As it is while a segment is announced: with its row. */
  memory(): PublisherMemory
}

/** Wires the publisher; nothing is sent before its first call. */
export function openPlexPublisher(options: PlexPublisherOptions): PlexPublisher {
  const { job } = options
  const reports = openServerReports({ ...options, server: job, listUrl: job.listUrl })
  const { queue, reporter, calls, begin, goOn, finish, fail, abandon } = reports
  const announcer = openAnnouncer(options, calls)
  const texts = openTextOutputs({
    ...{ listings: job.text ?? [], folder: options.folder },
    postTo(listUrl) {
      const list = reports.listAt(listUrl)
      return (body) => calls.postList(body, list)
    },
  })
  return {
    ...{ begin, goOn, finish, fail, abandon },
    memory: () => ({ announcer: announcer.memory(), reporter: reporter.memory() }),
    opened: (row) => queue.add(() => announcer.opened(row)),
    publish: (segment) =>
      queue.add(async () => {
        await texts.add(segment.text)
        await announcer.publish(segment, segment.last ? reporter.end : async () => undefined)
        if (segment.last) await texts.end(segment.text)
      }),
  }
}

function openAnnouncer(options: PlexPublisherOptions, { postList }: ServerCalls): SegmentAnnouncer {
  const { folder, onAnnounce = () => undefined, wallClock = Date.now } = options
  const memory = options.memory?.announcer
  const { list, firstSegment, segmentSeconds } = options.job
  if (!('mediaName' in list)) return openSegmentAnnouncer({ list, folder, postList, onAnnounce, memory })
  const common = { folder, onAnnounce, wallClock, firstSegment, segmentSeconds, memory }
  return openDashAnnouncer({ ...common, listing: list, postManifest: postList })
}
