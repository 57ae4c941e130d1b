import type { Hole } from './part.ts'
import { segmentAfter, spanSeconds } from './span.ts'
import type { SessionSpec } from './spec.ts'

/** A block may take this share of the lead to make without the player catching up. */
const leadShare = 1 / 2
/**
 * And this share of what has been published: nodes so weak that one-segment leases keep them from ever gaining a
 * lead get out of that trap.
 */
const publishedShare = 1 / 8
/** What comes late anyway may be so long, so that starting processes does not take all the time. */
const lateSeconds = 4

/**
 * Seconds of source in one block of a stream that several nodes share: one segment at the start, growing with the
 * lead, and never so long that the blocks of all nodes do not fit into the look-ahead.
 */
export function blockSeconds(
  spec: SessionSpec,
  state: { readonly leadSeconds: number; readonly publishedSeconds: number; readonly nodes: number },
): number {
  const { maxBlockSeconds, lookAheadSeconds } = spec.policy
  const wanted = Math.max(state.leadSeconds * leadShare, state.publishedSeconds * publishedShare)
  return Math.max(0, Math.min(wanted, maxBlockSeconds, lookAheadSeconds / state.nodes))
}

/**
 * Seconds of source that a node of such a speed (seconds of source a second) makes so early that no more than half of what
 * is in hand until the first of them is needed is gone when the last of them is there. What is slower than real time and
 * longer than that would run a player dry, whatever others make behind it.
 */
export function secondsInTime(neededInSeconds: number, speed: number): number {
  if (speed >= 1) return Number.POSITIVE_INFINITY
  return Math.max(lateSeconds, (neededInSeconds * leadShare * speed) / (1 - speed))
}

/** End of the block that begins at `from`: whole segments, at least one, not past the hole. */
export function blockEnd(spec: SessionSpec, hole: Hole, seconds: number): number {
  return segmentAfter(spec.segmentSeconds, hole.from, seconds, { atLeast: 1, stop: longestEnd(spec, hole) })
}

/**
 * End of the share of a hole that the first of several idle nodes takes in a whole-file job: in proportion to
 * speed, in whole segments, and never less work than makes up for starting a process.
 */
export function shareEnd(spec: SessionSpec, hole: Hole, speeds: readonly number[]): number {
  const total = speeds.reduce((sum, speed) => sum + speed, 0)
  const own = speeds[0]!
  const holeSeconds = spanSeconds(spec.segmentSeconds, hole.from, hole.to)
  const worthSeconds = 2 * spec.policy.startCostSeconds * own
  const wanted = Math.max((holeSeconds * own) / total, worthSeconds)
  // To the nearest segment, so that the shares of equal nodes differ by one segment at most.
  const halfSegment = spec.segmentSeconds(hole.from) / 2
  const bounds = { atLeast: 1, stop: longestEnd(spec, hole) }
  return segmentAfter(spec.segmentSeconds, hole.from, wanted + halfSegment, bounds)
}

function longestEnd(spec: SessionSpec, hole: Hole): number {
  return Math.min(hole.to, hole.from + spec.policy.maxLeaseSegments)
}
