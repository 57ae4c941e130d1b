import { observeEnd } from './end-of-input.ts'
import type { SessionEvent } from './events.ts'
import type { Lease } from './lease.ts'
import { countShort, expectedEnd, type PartState } from './part.ts'
import { endDoubtSegments } from './publication.ts'
import type { SessionState } from './state.ts'

type LeaseEnded = Extract<SessionEvent, { type: 'lease-ended' }>

/**
 * Draws the conclusions from a lease that is over: what it did not deliver is a hole again, a clean end before
 * `to` says where the input ends. Answers why the session cannot go on, or null.
 */
export function endLease(
  state: SessionState,
  part: PartState,
  lease: Lease,
  event: LeaseEnded,
  nowMs: number,
): string | null {
  part.leases.delete(lease.attempt)
  if (event.outcome === 'failed' && event.hasOtherWay) {
    // Whoever else is idle may have it; a node that is alone goes on at once.
    if (state.nodes.some(({ id }) => id !== lease.node)) rest(state, lease.node, nowMs)
    return null
  }
  if (event.outcome === 'failed')
    return countFailure(state, part, lease, event.reason ?? 'no reason given', nowMs)
  if (event.outcome === 'stopped') {
    if (!lease.cut) rest(state, lease.node, nowMs)
    return null
  }
  const next = Math.max(lease.from, event.next)
  const endsShort = lease.short !== null && lease.short + 1 === next
  const endsAt = endsShort ? next - 1 : next
  if (part.coverage.firstMissing(lease.from, Math.min(endsAt, lease.to)) !== null) {
    return countFailure(state, part, lease, 'it ended without delivering everything', nowMs)
  }
  const isRefuted = endsAt > lease.from && next < part.coverage.top
  // Sound may pause where a lease of it was cut.
  if (isRefuted && (next < lease.to || (endsShort && !part.sticky))) {
    return countFailure(state, part, lease, `it saw the input end at ${next}, but there is more`, nowMs)
  }
  if (isDoubtful(state, part, lease, endsAt)) {
    // Not the node's fault, as far as is known: any may try again, but another's word counts for more.
    const doubted = part.doubts.get(endsAt) ?? new Map<string, number>()
    const before = doubted.get(lease.node) ?? 0
    if (before > 0) part.avoided.add(lease.node)
    part.doubts.set(endsAt, doubted.set(lease.node, before + 1))
    part.failures.set(endsAt, part.failures.get(endsAt) ?? 1)
    const hasOther = state.nodes.some(({ id }) => id !== lease.node)
    if (hasOther && endsAt > lease.from) rest(state, lease.node, nowMs)
    return null
  }
  if (endsShort) countShort(part, endsAt)
  if (next >= lease.to || observeEnd(part.end, part.coverage, next)) return null
  return countFailure(state, part, lease, `it saw the input end at ${next}, but there is more`, nowMs)
}

/** A node that says the same again and again is believed in the end: the others may all hang. */
const mostRepeats = 3

/**
 * A seek behind the last key frame of a file without an index finds nothing, though there are pictures; and an ffmpeg
 * whose driver fails half-way may end as if all were well. A lease that ends well before the expected end is believed
 * when the next one, which seeks further back, has found nothing there either.
 */
function isDoubtful(state: SessionState, part: PartState, lease: Lease, endsAt: number): boolean {
  const isEarly = endsAt < lease.to && endsAt + endDoubtSegments < expectedEnd(part, state.spec)
  if (!isEarly) return false
  const doubted = part.doubts.get(endsAt)
  if (!doubted) return true
  // Who said so before is no second witness, unless nobody else is there, or nobody who gets so far.
  const isAlone = state.nodes.every(({ id }) => id === lease.node || doubted.has(id))
  const hasOther = [...doubted.keys()].some((node) => node !== lease.node)
  return !isAlone && !hasOther && (doubted.get(lease.node) ?? 0) < mostRepeats
}

/** Counts a failure against the first segment that the lease owes. */
function countFailure(
  state: SessionState,
  part: PartState,
  lease: Lease,
  reason: string,
  nowMs: number,
): string | null {
  const segment = part.coverage.firstMissing(lease.from, lease.to)
  if (segment === null) return null
  part.avoided.add(lease.node)
  rest(state, lease.node, nowMs)
  const failures = (part.failures.get(segment) ?? 0) + 1
  part.failures.set(segment, failures)
  if (failures < state.spec.policy.maxFailures) return null
  return `${failures} leases failed at segment ${segment} of ${part.name}, the last on ${lease.node}: ${reason}`
}

/** A node whose lease ended badly gets nothing for a moment, so that a quick failure does not spin. */
function rest(state: SessionState, node: string, nowMs: number): void {
  state.restUntilMs.set(node, nowMs + state.spec.policy.restSeconds * 1000)
}
