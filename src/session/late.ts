import type { SessionAction } from './actions.ts'
import { type Crew, crewOf } from './crew.ts'
import { isHeld, type Lease } from './lease.ts'
import type { PartState } from './part.ts'
import { spanSeconds } from './span.ts'
import { cancelLease, cutLease, type SessionState } from './state.ts'

/** A lease is late when it is silent for so many times what its own node should need for the segment in hand, */
const ownFactor = 3
/** or for so many times what an idle node would need for all of it. */
const idleFactor = 2
/** Sound is far faster than real time: silence for so many times `lateSeconds` is death. */
const stickyFactor = 4

/**
 * Finds leases that have been silent for too long. What such a lease works on becomes a hole again, so that a
 * second lease makes it and the first copy wins; the rest of it is cut off. Only where there is another node.
 */
export function findLate(state: SessionState, part: PartState, nowMs: number): SessionAction[] {
  const crew = crewOf(state, part, nowMs)
  return crew.busy.flatMap((lease) => {
    const silentSeconds = (nowMs - lease.movedMs) / 1000 - catchUpSeconds(state, part, lease, crew)
    const hasOther = state.nodes.some((node) => node.id !== lease.node)
    if (!hasOther || lease.late || isHeld(lease) || silentSeconds < state.spec.policy.lateSeconds) return []
    if (part.sticky) return replaceSticky(state, part, lease, silentSeconds)
    if (!isTooSlow(state, crew, lease, silentSeconds)) return []
    lease.late = true
    return cutLease(lease, lease.next + 1)
  })
}

/** How long a lease that decodes from the session's start may be silent until it has come to its own place. */
function catchUpSeconds({ spec }: SessionState, part: PartState, lease: Lease, crew: Crew): number {
  if (!part.inOnePiece?.() || lease.next > lease.from) return 0
  return spanSeconds(spec.segmentSeconds, spec.firstSegment, lease.from) / crew.speedOf(lease.node)
}

function isTooSlow(state: SessionState, crew: Crew, lease: Lease, silentSeconds: number): boolean {
  const { policy, segmentSeconds } = state.spec
  const secondsAt = (speed: number) => policy.startCostSeconds + segmentSeconds(lease.next) / speed
  if (silentSeconds > ownFactor * secondsAt(crew.speedOf(lease.node))) return true
  const idle = crew.idle[0]
  return idle !== undefined && silentSeconds > idleFactor * secondsAt(crew.speedOf(idle.id))
}

function replaceSticky(
  state: SessionState,
  part: PartState,
  lease: Lease,
  silentSeconds: number,
): SessionAction[] {
  if (silentSeconds < stickyFactor * state.spec.policy.lateSeconds) return []
  part.avoided.add(lease.node)
  return [cancelLease(part, lease)]
}

/**
 * Cancels leases that have nothing left to make: the input ends before them, or another lease was first with
 * everything. A node that lost such a race without one segment to show is not trusted with this part again.
 */
export function cancelNeedless(part: PartState): SessionAction[] {
  const { bound } = part.end
  return [...part.leases.values()].flatMap((lease) => {
    const first = lease.late ? lease.next : lease.from
    if (bound !== null && first >= bound) return [cancelLease(part, lease)]
    const isBeaten = lease.next < lease.to && part.coverage.firstMissing(lease.from, lease.to) === null
    if (!isBeaten) return []
    if (lease.late && lease.next === lease.from) part.avoided.add(lease.node)
    return [cancelLease(part, lease)]
  })
}
