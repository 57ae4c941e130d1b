import type { DashSegment } from './dash-segment.ts'
import type { SegmentFolder } from './segment-folder.ts'
import {
  emptySegmentList,
  type FinishedRow,
  formatSegmentList,
  type OpenedRow,
  type SegmentList,
  type SegmentListOptions,
  withFinished,
  withOpened,
} from './segment-list.ts'
import { segmentName } from './segment-name.ts'
import type { TextProgress } from './text-progress.ts'

/** A segment that is whole. */
export interface StagedSegment extends FinishedRow {
  /** Empty for DASH, whose files are in `dash`. */
  readonly bytes: Uint8Array
  readonly dash?: DashSegment
  /** What stands before all segments, in the file that the list names for it; with the first one. */
  readonly header?: Uint8Array
  /** What has come of the text beside the film, for each of its outputs. */
  readonly text?: readonly TextProgress[]
  /** The job ends with this segment; the last progress report then goes out before its row. */
  readonly last: boolean
}

/** Files first, rows after: the server never hears of a segment whose bytes are not in place. */
export interface SegmentAnnouncer {
  /** The empty file, then the `#` row; nothing when the segment is open already, or its header is still to come. */
  opened(row: OpenedRow): Promise<void>
  /** The file, then `beforeRow`, then the finished row. */
  publish(segment: StagedSegment, beforeRow: () => Promise<void>): Promise<void>
  /** What another announcer needs to go on behind the last segment. */
  memory(): unknown
}

/** Everything that passes from row to row. */
interface ListMemory {
  readonly list: SegmentList
  readonly needsHeader: boolean
}

/** A list of segments that may have a header file in common. */
export interface SegmentListing extends SegmentListOptions {
  readonly headerName?: string
  /** Segments of this kind need no header: its file is made, as FFmpeg does, and stays empty. */
  readonly isHeaderEmpty?: boolean
}

export interface SegmentAnnouncerOptions {
  readonly list: SegmentListing
  readonly folder: SegmentFolder
  readonly postList: (body: string) => Promise<void>
  /** Called, and waited for, when the next request is the one that announces this segment. */
  readonly onAnnounce: (segment: StagedSegment) => void | Promise<void>
  /** Of the announcer that began the list. */
  readonly memory?: unknown
}

/** Both calls reject with the system's error when the folder fails, and with RangeError for a segment out of order. */
export function openSegmentAnnouncer(options: SegmentAnnouncerOptions): SegmentAnnouncer {
  const { headerName, isHeaderEmpty = false } = options.list
  const before = options.memory as ListMemory | undefined
  let list = before?.list ?? emptySegmentList
  let needsHeader = before?.needsHeader ?? headerName !== undefined

  function checkOrder(segment: number): void {
    const before = list.finished.at(-1)
    const expected = list.opened?.segment ?? (before === undefined ? segment : before.segment + 1)
    if (segment !== expected) throw new RangeError(`segment ${segment} instead of ${expected}`)
  }

  async function opened(row: OpenedRow): Promise<void> {
    checkOrder(row.segment)
    // Plex's transcoder has written the header when it opens the first segment; here it is known with that one.
    if (list.opened !== null || (needsHeader && !isHeaderEmpty)) return
    await placeHeader(row)
    await options.folder.create(segmentName(options.list.template, row.segment))
    list = withOpened(list, { segment: row.segment, startSeconds: row.startSeconds }, options.list)
    if (options.list.unfinished) await options.postList(formatSegmentList(list, options.list))
  }

  async function placeHeader({ segment, header }: Pick<StagedSegment, 'segment' | 'header'>): Promise<void> {
    if (headerName === undefined || !needsHeader) return
    if (isHeaderEmpty) await options.folder.create(headerName)
    else if (header) await options.folder.place(headerName, header)
    else throw new RangeError(`segment ${segment} without the header that comes first`)
    needsHeader = false
  }

  return {
    opened,
    memory: (): ListMemory => ({ list, needsHeader }),
    async publish(segment, beforeRow) {
      checkOrder(segment.segment)
      await placeHeader(segment)
      await opened(segment)
      await options.folder.place(segmentName(options.list.template, segment.segment), segment.bytes)
      await beforeRow()
      list = withFinished(list, segment, options.list)
      await options.onAnnounce(segment)
      await options.postList(formatSegmentList(list, options.list))
    },
  }
}
