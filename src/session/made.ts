import type { SessionEvent } from './events.ts'
import { isHeld, type Lease } from './lease.ts'
import { observePace, observePresent } from './pace.ts'
import { countShort, lengthsOf, type PartState } from './part.ts'
import { takeArrival, takeMade } from './progress.ts'
import { spanSeconds } from './span.ts'
import { findLease, type SessionState } from './state.ts'

/** A segment has arrived: it counts, and so does the time that it took. */
export function takeSegment(
  state: SessionState,
  event: Extract<SessionEvent, { type: 'segment-arrived' }>,
  nowMs: number,
): void {
  const found = findLease(state, event.attempt)
  if (!found) return
  const { part, lease } = found
  const { segment } = event
  if (segment < lease.from || segment >= lease.to) return
  if (part.sticky && lease.short !== null && segment > lease.short) {
    // Sound that pauses at a boundary looks like sound that stops there, until it goes on.
    countShort(part, lease.short)
    lease.short = null
  }
  if (event.short) lease.short = segment
  else part.coverage.add(segment)
  if (segment < lease.next) return
  const startSeconds = lease.next === lease.from ? state.spec.policy.startCostSeconds : 0
  const seconds = spanSeconds(lengthsOf(part, state.spec), lease.next, segment + 1)
  observePace(state.paces.get(part)!, lease.node, seconds, (nowMs - lease.movedMs) / 1000 - startSeconds)
  notePresent(state, part, lease, takeArrival(lease.progress, seconds, nowMs))
  state.hanging.delete(lease.node)
  lease.next = segment + 1
  lease.movedMs = nowMs
}

/** An encoder that waits for credit makes nothing, and that says nothing. */
export function takeProgress(
  state: SessionState,
  { attempt, madeSeconds }: Extract<SessionEvent, { type: 'lease-progress' }>,
  nowMs: number,
): void {
  const found = findLease(state, attempt)
  if (!found || isHeld(found.lease)) return
  notePresent(state, found.part, found.lease, takeMade(found.lease.progress, madeSeconds, nowMs))
}

function notePresent(state: SessionState, part: PartState, { node }: Lease, speed: number | null): void {
  if (speed !== null) observePresent(state.paces.get(part)!, node, speed)
}
