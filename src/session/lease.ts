import type { Coverage } from './coverage.ts'
import type { Progress } from './progress.ts'

/** One node's right to make the segments [from, to) of one part, as the session knows it. */
export interface Lease {
  readonly attempt: string
  readonly node: string
  readonly from: number
  /** One past the last segment; a cut lowers it. */
  to: number
  /** Credit: nothing >= until may be begun yet. Lowered by a throttle only. */
  until: number
  /** One past the highest segment that has arrived: the segment it works on. */
  next: number
  /** When it last moved: granted, a segment arrived, or credit came after it had run out. */
  movedMs: number
  /** It has been lowered by a cut, so that `stopped` is how it should end. */
  cut: boolean
  /** What it works on would come too late and is leased a second time; the first copy wins. */
  late: boolean
  readonly progress: Progress
  /** A segment with too few frames: whole only when the lease ends cleanly behind it. */
  short: number | null
}

/** Nothing of it is missing any more; its process is ending. */
export function isDone(lease: Lease, coverage: Coverage): boolean {
  return coverage.firstMissing(lease.from, lease.to) === null
}

/** It waits for credit, so its silence says nothing. */
export function isHeld(lease: Lease): boolean {
  return lease.next >= lease.until && lease.next < lease.to
}

/** The segment lies in its range, so that no other lease need make it; but a late lease keeps nothing for itself. */
export function keeps(lease: Lease, segment: number): boolean {
  return !lease.late && segment >= lease.from && segment < lease.to
}
