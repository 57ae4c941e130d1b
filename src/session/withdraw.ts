import type { SessionAction } from './actions.ts'
import { isHeld } from './lease.ts'
import { cutLease, type SessionState } from './state.ts'

/**
 * Lets go of the nodes that are not listed any more. Each of their leases, sound among them, ends with the segment in
 * hand, and at once where it waits for credit, which under a throttle may be long in coming: so a withdrawn node is
 * free when it has made one segment. What lies behind the cut is leased elsewhere in the same turn, before anybody
 * waits for it.
 */
export function releaseWithdrawn(state: SessionState): SessionAction[] {
  const listed = new Set(state.nodes.map((node) => node.id))
  return state.parts
    .flatMap((part) => [...part.leases.values()])
    .filter((lease) => !listed.has(lease.node))
    .flatMap((lease) => cutLease(lease, isHeld(lease) ? lease.next : lease.next + 1))
}
