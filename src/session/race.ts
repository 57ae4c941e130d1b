import type { SessionAction } from './actions.ts'
import type { Lease } from './lease.ts'
import { observePace } from './pace.ts'
import type { PartState } from './part.ts'
import { cancelLease, type SessionState } from './state.ts'

/** A node that has hung for long gets another chance once in a while: what hung may have been a disk, or a fan. */
const longestSeconds = 60

/** Cancels leases that have nothing left to make: the input ends before them, or another was first with everything. */
export function cancelNeedless(state: SessionState, part: PartState, nowMs: number): SessionAction[] {
  const { bound } = part.end
  return [...part.leases.values()].flatMap((lease) => {
    const first = lease.late ? lease.next : lease.from
    if (bound !== null && first >= bound) return [cancelLease(part, lease)]
    const isBeaten = lease.next < lease.to && part.coverage.firstMissing(lease.from, lease.to) === null
    if (!isBeaten) return []
    if (lease.late) learnFromDefeat(state, part, lease, nowMs)
    return [cancelLease(part, lease)]
  })
}

/**
 * What it has not made counts against its speed. A node that has made nothing at all may be hanging: it is left out for
 * as long as it hung, twice as long each time, and is tried again.
 */
function learnFromDefeat(state: SessionState, part: PartState, lease: Lease, nowMs: number): void {
  const { arrivedSeconds, madeSeconds } = lease.progress
  const elapsedSeconds = (nowMs - lease.movedMs) / 1000
  observePace(state.paces.get(part)!, lease.node, madeSeconds - arrivedSeconds, elapsedSeconds)
  if (madeSeconds > 0) return
  const times = (state.hanging.get(lease.node)?.times ?? 0) + 1
  const seconds = Math.min(longestSeconds, elapsedSeconds * 2 ** (times - 1))
  state.hanging.set(lease.node, { times, untilMs: nowMs + seconds * 1000 })
}
