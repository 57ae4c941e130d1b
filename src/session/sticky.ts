import type { SessionAction } from './actions.ts'
import { creditLimit } from './credit.ts'
import { grantLease } from './grant.ts'
import { firstHole, type PartState } from './part.ts'
import { type SessionState, speedsAt, usableNodes } from './state.ts'

/**
 * A sticky part (sound) has one lease at a time, as long as possible, so that filters with a memory run through.
 * It goes to the fastest node but the one with the first picture, which is the more urgent. One that was cut, for its
 * node is withdrawn, finishes its last segment while the next one already begins behind it.
 */
export function grantSticky(state: SessionState, part: PartState, nowMs: number): SessionAction[] {
  if ([...part.leases.values()].some((lease) => lease.next < lease.to && !lease.cut)) return []
  const { spec } = state
  const hole = firstHole(part, spec, creditLimit(state, part))
  const node = chooseNode(state, part, nowMs)
  if (!hole || node === null) return []
  const to = Math.min(hole.to, hole.from + spec.policy.maxStickyLeaseSegments)
  return [grantLease(state, part, node, { from: hole.from, to }, nowMs)]
}

function chooseNode(state: SessionState, part: PartState, nowMs: number): string | null {
  const speeds = speedsAt(state, state.parts[0]!)
  const first = firstPictureNode(state)
  const rested = usableNodes(state, part).filter((node) => (state.restUntilMs.get(node.id) ?? 0) <= nowMs)
  const others = rested.filter((node) => node.id !== first)
  const candidates = others.length > 0 ? others : rested
  const best = candidates.toSorted((a, b) => speeds.get(b.id)! - speeds.get(a.id)! || (a.id < b.id ? -1 : 1))
  return best[0]?.id ?? null
}

function firstPictureNode(state: SessionState): string | null {
  const leases = [...state.parts[0]!.leases.values()].toSorted((a, b) => a.next - b.next)
  return leases[0]?.node ?? null
}
