import type { Piece } from '../../container/film.ts'
import type { DashSegment } from '../../dialects/plex/dash-segment.ts'
import type { TextProgress } from '../../dialects/plex/text-progress.ts'

/** A finished segment, ready to be put in place. Times are seconds on the job's own timeline. */
export interface FinishedSegment {
  readonly segment: number
  /** Empty for DASH, whose files are in `dash`, and for a whole file. */
  readonly bytes: Buffer
  readonly dash?: DashSegment
  /** What stands before all segments, in a file of its own; with the first one of a session that has such a file. */
  readonly header?: Uint8Array
  /** What to write into a whole file, in this order; the file is whole with the last segment's. */
  readonly pieces?: readonly Piece[]
  /** Text beside the film, for each of its tracks. */
  readonly text?: readonly TextProgress[]
  readonly startSeconds: number
  readonly endSeconds: number
  readonly endAudioSeconds: number
  readonly endVideoSeconds: number
  readonly frames: number
  readonly last: boolean
}

/** Where a session's segments go: a media server's folder, or a file. */
export interface SessionOutput {
  /** The first lease runs: the first segment is being made. */
  opened(): Promise<void>
  /** In order, one at a time. Rejects when the place cannot be written: the session then fails. */
  publish(segment: FinishedSegment): Promise<void>
  /** Everything is published. */
  finish(): Promise<void>
  /** The session could not be carried out. */
  fail(reason: string): Promise<void>
}
