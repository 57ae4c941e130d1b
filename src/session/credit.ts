import type { Lease } from './lease.ts'
import { lengthsOf, neededFor, type PartState, partEnd } from './part.ts'
import { leadSeconds, type Publication } from './publication.ts'
import { segmentAfter, spanSeconds } from './span.ts'
import type { SessionSpec } from './spec.ts'
import type { SessionState } from './state.ts'

/** No limit. */
const endless = Number.MAX_SAFE_INTEGER
/** The last segment is known by the one behind it, so that one must always have credit. */
const minLookAheadSegments = 3
/** Sound is made tens of times faster than pictures: this much ahead of publication it never holds them up. */
const minSoundSegments = 2
/** And so much more than the player has in hand is made of it: the node that makes it may become slow. */
const soundMarginSeconds = 8
/** While a viewer waits for the first picture, sound that is not needed yet must not take the processor from it. */
const firstSoundSegments = 1
/** An encoder this close to its credit gets more at once: it reads ahead of what it has delivered. */
const starvingSegments = 2

/**
 * One past the last segment of a part that may be made now. A whole-file job has no bound; nor has a part once the
 * reference part is settled, because the last segment is published only when everything has ended. While the server
 * throttles, no part has more than the few segments of a trickle.
 */
export function creditLimit(state: SessionState, part: PartState): number {
  const { spec, parts, publication } = state
  const reference = parts[0]!
  if (spec.mode === 'file') return endless
  if (state.throttledSinceMs !== null) return neededFor(part, publication.next + minLookAheadSegments - 1)
  if (part !== reference && partEnd(reference) !== null) return endless
  const { lookAheadSeconds } = spec.policy
  const seconds = part.sticky ? Math.min(lookAheadSeconds, soundAheadSeconds(publication)) : lookAheadSeconds
  const bounds = {
    atLeast: part.sticky ? soundSegments(spec, publication) : minLookAheadSegments,
    stop: endless,
  }
  return neededFor(part, segmentAfter(spec.segmentSeconds, publication.next, seconds, bounds) - 1)
}

/**
 * The credit a lease should be raised to, or null: in steps of a quarter window, but never starving an encoder.
 * Sound starves when publication is about to need what it may not make yet.
 */
export function raisedCredit(
  spec: SessionSpec,
  part: PartState,
  lease: Lease,
  limit: number,
  publication: Publication,
): number | null {
  const until = Math.min(lease.to, limit)
  if (until <= lease.until) return null
  const isStarving = part.sticky
    ? lease.until < neededFor(part, publication.next + soundSegments(spec, publication) - 1)
    : lease.until - lease.next <= starvingSegments
  if (isStarving || until >= lease.to) return until
  const stepSeconds = spanSeconds(lengthsOf(part, spec), lease.until, until)
  return stepSeconds >= spec.policy.lookAheadSeconds / 4 ? until : null
}

/** The credit a lease is lowered to when the server throttles: the segment in hand is finished. Null: it has no more. */
export function throttledCredit(lease: Lease): number | null {
  const until = lease.next + 1
  return until < Math.min(lease.until, lease.to) ? until : null
}

/**
 * Whether a throttled session may go on by a few segments: so long after the last one was published that it keeps
 * to the pace of a throttled transcoder, which never quite stands still.
 */
export function mayTrickle({ spec, publication, throttledSinceMs }: SessionState, nowMs: number): boolean {
  const waitedMs = nowMs - Math.max(throttledSinceMs ?? nowMs, publication.movedMs)
  const to = publication.next + minLookAheadSegments
  const trickle = spanSeconds(spec.segmentSeconds, publication.next, to)
  return waitedMs >= (trickle / spec.policy.throttledSpeed) * 1000
}

/**
 * No further than the player has in hand, as of the last publication: sound that runs ahead of pictures which are late has
 * the processor that they need.
 */
function soundAheadSeconds(publication: Publication): number {
  const inHand = Math.max(0, leadSeconds(publication, publication.movedMs))
  return Math.min(publication.seconds, inHand + soundMarginSeconds)
}

function soundSegments(spec: SessionSpec, publication: Publication): number {
  return publication.next === spec.firstSegment ? firstSoundSegments : minSoundSegments
}
