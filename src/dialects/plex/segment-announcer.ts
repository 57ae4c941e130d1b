import type { DashSegment } from './dash-segment.ts'
import type { SegmentFolder } from './segment-folder.ts'
import {
  emptySegmentList,
  type FinishedRow,
  formatSegmentList,
  type OpenedRow,
  type SegmentListOptions,
  withFinished,
  withOpened,
} from './segment-list.ts'
import { segmentName } from './segment-name.ts'

/** A segment that is whole. */
export interface StagedSegment extends FinishedRow {
  /** Empty for DASH, whose files are in `dash`. */
  readonly bytes: Uint8Array
  readonly dash?: DashSegment
  /** The job ends with this segment; the last progress report then goes out before its row. */
  readonly last: boolean
}

/** Files first, rows after: the server never hears of a segment whose bytes are not in place. */
export interface SegmentAnnouncer {
  /** The empty file, then the `#` row; nothing when the segment is open already. */
  opened(row: OpenedRow): Promise<void>
  /** The file, then `beforeRow`, then the finished row. */
  publish(segment: StagedSegment, beforeRow: () => Promise<void>): Promise<void>
}

export interface SegmentAnnouncerOptions {
  readonly list: SegmentListOptions
  readonly folder: SegmentFolder
  readonly postList: (body: string) => Promise<void>
  /** Called when the next request is the one that announces this segment. */
  readonly onAnnounce: (segment: StagedSegment) => void
}

/** Both calls reject with the system's error when the folder fails, and with RangeError for a segment out of order. */
export function openSegmentAnnouncer(options: SegmentAnnouncerOptions): SegmentAnnouncer {
  let list = emptySegmentList

  function checkOrder(segment: number): void {
    const before = list.finished.at(-1)
    const expected = list.opened?.segment ?? (before === undefined ? segment : before.segment + 1)
    if (segment !== expected) throw new RangeError(`segment ${segment} instead of ${expected}`)
  }

  async function opened(row: OpenedRow): Promise<void> {
    checkOrder(row.segment)
    if (list.opened !== null) return
    await options.folder.create(segmentName(options.list.template, row.segment))
    list = withOpened(list, { segment: row.segment, startSeconds: row.startSeconds }, options.list)
    if (options.list.unfinished) await options.postList(formatSegmentList(list, options.list))
  }

  return {
    opened,
    async publish(segment, beforeRow) {
      await opened(segment)
      await options.folder.place(segmentName(options.list.template, segment.segment), segment.bytes)
      await beforeRow()
      list = withFinished(list, segment, options.list)
      options.onAnnounce(segment)
      await options.postList(formatSegmentList(list, options.list))
    },
  }
}
