import { type SegmentTemplate, segmentName } from './segment-name.ts'

/** How the server wants to be told about segments. */
export interface SegmentListOptions {
  readonly template: SegmentTemplate
  /** The `-segment_list_size`; 0 keeps every row. */
  readonly size: number
  /** Two more columns: where sound and picture of the segment end. */
  readonly separateStreamTimes: boolean
  /** The segment that is being made is listed too, with a leading `#`. */
  readonly unfinished: boolean
}

/** A segment that is whole; times are seconds of source time. */
export interface FinishedRow {
  readonly segment: number
  readonly startSeconds: number
  readonly endSeconds: number
  readonly endAudioSeconds: number
  readonly endVideoSeconds: number
}

/** A segment whose first packet has been seen. */
export interface OpenedRow {
  readonly segment: number
  readonly startSeconds: number
}

/** The rows of the list, oldest first; at most one segment is open, and it follows the finished ones. */
export interface SegmentList {
  readonly finished: readonly FinishedRow[]
  readonly opened: OpenedRow | null
}

export const emptySegmentList: SegmentList = { finished: [], opened: null }

/** The list after the first packet of a segment: its row comes last and pushes the oldest one out of a full window. */
export function withOpened(list: SegmentList, row: OpenedRow, options: SegmentListOptions): SegmentList {
  const room = rowLimit(options) - (options.unfinished ? 1 : 0)
  return { finished: newest(list.finished, room), opened: row }
}

/**
 * The list after a segment is whole: its finished row takes the place of the open one. Nothing else of `row` is kept: a
 * list lives as long as its session, and is written down with each announcement.
 */
export function withFinished(list: SegmentList, row: FinishedRow, options: SegmentListOptions): SegmentList {
  const { segment, startSeconds, endSeconds, endAudioSeconds, endVideoSeconds } = row
  const kept = { segment, startSeconds, endSeconds, endAudioSeconds, endVideoSeconds }
  return { finished: newest([...list.finished, kept], rowLimit(options)), opened: null }
}

/**
 * The body of a post: the whole window, one row a line. `#` marks the open segment, whose times are all its start.
 * Seconds have six decimals, as C prints `%f`.
 */
export function formatSegmentList(list: SegmentList, options: SegmentListOptions): string {
  const rows = list.finished.map((row) => finishedRow(row, options))
  if (options.unfinished && list.opened !== null) {
    const { segment, startSeconds } = list.opened
    const times = { endSeconds: startSeconds, endAudioSeconds: startSeconds, endVideoSeconds: startSeconds }
    rows.push(`#${finishedRow({ segment, startSeconds, ...times }, options)}`)
  }
  return rows.map((row) => `${row}\n`).join('')
}

function finishedRow(row: FinishedRow, options: SegmentListOptions): string {
  const times = [row.startSeconds, row.endSeconds]
  if (options.separateStreamTimes) times.push(row.endAudioSeconds, row.endVideoSeconds)
  return [segmentName(options.template, row.segment), ...times.map((time) => time.toFixed(6))].join(',')
}

/** Plex's transcoder drops a row as soon as the count reaches the size: a size of 5 shows four rows. */
function rowLimit(options: SegmentListOptions): number {
  return options.size === 0 ? Number.POSITIVE_INFINITY : Math.max(1, options.size - 1)
}

function newest<Row>(rows: readonly Row[], limit: number): readonly Row[] {
  return rows.slice(Math.max(0, rows.length - limit))
}
