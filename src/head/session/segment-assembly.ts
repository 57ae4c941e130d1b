import type { FinishedSegment } from './output.ts'

/** How a session's parts become one segment; in order, each after the sound that goes with it. */
export interface SegmentAssembly {
  addSound(file: Buffer): void
  finish(video: Buffer, segment: number, last: boolean): FinishedSegment
}
