import type { SessionNode } from './events.ts'
import type { Lease } from './lease.ts'
import { busyLeases, type PartState } from './part.ts'
import { leadSeconds } from './publication.ts'
import { isSoundFirst } from './sound-share.ts'
import { isRested, punctualNodes, type SessionState, speedsAt, usableNodes } from './state.ts'

/** Who may work on a part, who does, and how fast. */
export interface Crew {
  readonly usable: readonly SessionNode[]
  /** Usable nodes without work on this part, fastest first. */
  readonly idle: readonly SessionNode[]
  /** Usable nodes that will work on it as soon as they have made the sound. */
  readonly reserved: readonly SessionNode[]
  readonly busy: readonly Lease[]
  /** Seconds of source a second; a node that is not listed any more counts as the slowest listed one. */
  readonly speedOf: (node: string) => number
  /** Who could help a node out: also those that are slow, and those that failed at it when there is no other. */
  readonly othersThan: (node: string) => readonly SessionNode[]
  /** Whether a node can begin with this part at once. */
  readonly isFree: (node: SessionNode) => boolean
}

export function crewOf(state: SessionState, part: PartState, nowMs: number): Crew {
  const speeds = speedsAt(state, part)
  const slowest = Math.min(1, ...speeds.values())
  const speedOf = (node: string) => speeds.get(node) ?? slowest
  const usable = quickEnough(state, usableNodes(state, part, nowMs), speedOf, nowMs)
  const busy = busyLeases(part)
  const working = new Set(busy.map((lease) => lease.node))
  const isUnbound = ({ id }: SessionNode) => !working.has(id) && isRested(state, id, nowMs)
  const isReserved = ({ id }: SessionNode) => !part.sticky && isSoundFirst(state, id, speeds)
  const free = usable
    .filter(isUnbound)
    .toSorted((a, b) => speedOf(b.id) - speedOf(a.id) || b.cores - a.cores || (a.id < b.id ? -1 : 1))
  const reserved = free.filter(isReserved)
  const idle = free.filter((node) => !reserved.includes(node))
  const othersThan = (node: string) => punctualNodes(state, part, nowMs, node)
  const isFree = (node: SessionNode) => isUnbound(node) && !isReserved(node)
  return { usable, idle, reserved, busy, speedOf, othersThan, isFree }
}

/**
 * While a player has little in hand, one segment on a slow node would hold up everything that faster ones make
 * behind it: nodes at less than half the best speed join when the player can wait so long, or when publication has
 * gone on for long enough to need them.
 */
function quickEnough(
  state: SessionState,
  nodes: readonly SessionNode[],
  speedOf: (node: string) => number,
  nowMs: number,
): readonly SessionNode[] {
  const { spec, publication } = state
  if (spec.mode === 'file') return nodes
  const fastest = Math.max(...nodes.map((node) => speedOf(node.id)))
  const patience = Math.max(leadSeconds(publication, nowMs), publication.seconds / 4)
  const segment = spec.segmentSeconds(publication.next)
  return nodes.filter(({ id }) => {
    const seconds = spec.policy.startCostSeconds + segment / speedOf(id)
    return speedOf(id) * 2 >= fastest || seconds <= patience
  })
}
