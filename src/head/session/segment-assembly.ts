import type { TextProgress } from '../../dialects/plex/text-progress.ts'
import type { FinishedSegment } from './output.ts'

/** How a session's parts become one segment; in order, each after the sound that goes with it. */
export interface SegmentAssembly {
  addSound(file: Buffer): void
  /** `text` is what begins in this segment, of each track of text that goes into it. */
  finish(video: Buffer, segment: number, last: boolean, text?: readonly TextProgress[]): FinishedSegment
  /** What the same kind of assembly needs to go on behind the last segment; null for one that cannot. */
  memory(): unknown
}
