import type { EndedReport } from '../../cluster/messages.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Fleet } from '../fleet.ts'
import type { CarriedLease } from './lease-carrier.ts'

/** A lease that made something tells how fast its node is at such work. */
export function observeSpeed(
  fleet: Pick<Fleet, 'observeSpeed'>,
  plan: Plan,
  lease: CarriedLease,
  report: EndedReport,
  nowMs: number,
): void {
  if (lease.part !== 'video' || report.next <= lease.from) return
  const from = slotSeconds(plan.timeline, boundarySlot(plan.timeline, lease.from))
  const to = slotSeconds(plan.timeline, boundarySlot(plan.timeline, report.next))
  const elapsedSeconds = (nowMs - lease.grantedMs) / 1000
  if (elapsedSeconds > 0) fleet.observeSpeed(lease.node, (to - from) / elapsedSeconds)
}
