import { hasOrEnded, lengthsOf, neededFor, type PartState, partEnd } from './part.ts'
import { spanSeconds } from './span.ts'
import type { SessionSpec } from './spec.ts'

/** Which segments the media server knows of. One is in the publisher's hands at a time. */
export interface Publication {
  /** First segment that is not confirmed as published. */
  next: number
  inFlight: boolean
  /** Seconds of source published so far. */
  seconds: number
  /**
   * When a player would have begun that plays on and on: with the first segment, or so much later that it has waited
   * wherever nothing was there for it.
   */
  playerMs: number | null
  /** When the last one was published; 0 before the first. */
  movedMs: number
}

export function newPublication(firstSegment: number): Publication {
  return { next: firstSegment, inFlight: false, seconds: 0, playerMs: null, movedMs: 0 }
}

/** Segments before the expected end that may turn out to be the last, so far can a probed duration be wrong. */
export const endDoubtSegments = 1

/**
 * Whether the first unpublished segment can be published: every part has it or ended before it. What may be the
 * last segment waits until that is settled, and the last one until every part has ended, since sound that outlives
 * the picture goes into its file.
 */
export function isReady(publication: Publication, parts: readonly PartState[], spec: SessionSpec): boolean {
  const segment = publication.next
  const reference = parts[0]!
  if (publication.inFlight || !reference.coverage.has(segment)) return false
  if (!parts.every((part) => hasOrEnded(part, segment))) return false
  if (partEnd(reference) === segment + 1) return parts.every((part) => partEnd(part) !== null)
  return isSurelyInside(segment, reference, spec)
}

function isSurelyInside(segment: number, reference: PartState, spec: SessionSpec): boolean {
  const bound = Math.min(spec.expectedEndSegment, reference.end.bound ?? spec.expectedEndSegment)
  return segment + 1 + endDoubtSegments < bound || reference.coverage.top > segment + 1
}

/** Takes the publisher's word for it; false when it was not asked to publish this segment. */
export function confirm(
  publication: Publication,
  segment: number,
  spec: SessionSpec,
  nowMs: number,
): boolean {
  if (!publication.inFlight || segment !== publication.next) return false
  publication.inFlight = false
  publication.next += 1
  publication.playerMs = Math.max(publication.playerMs ?? nowMs, nowMs - publication.seconds * 1000)
  publication.seconds += spec.segmentSeconds(segment)
  publication.movedMs = nowMs
  return true
}

/**
 * Seconds by which publication leads a player that started with the first segment and never paused; less than nothing
 * while it waits.
 */
export function leadSeconds(publication: Publication, nowMs: number): number {
  if (publication.playerMs === null) return 0
  return publication.seconds - (nowMs - publication.playerMs) / 1000
}

/**
 * Seconds until the player needs a part's segment (or file of its own); nothing for what it waits for. Before the
 * first publication it waits for everything.
 */
export function secondsUntilNeeded(
  publication: Publication,
  part: PartState,
  spec: SessionSpec,
  segment: number,
  nowMs: number,
): number {
  const isFirst = publication.next === spec.firstSegment
  const awaited = isFirst ? spec.firstSegment : neededFor(part, publication.next - 1)
  const lead = Math.max(0, leadSeconds(publication, nowMs))
  return lead + spanSeconds(lengthsOf(part, spec), awaited, segment)
}
