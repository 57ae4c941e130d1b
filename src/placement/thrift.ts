import { part } from './need.ts'
import type { Table } from './table.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

/** With so much in hand a stream lets go of nodes that are dear, */
export const lavishLeadSeconds = 45
/** and does without them until it has no more than this. */
const thriftyLeadSeconds = 22
/** A smaller difference is not worth a seam. */
const dearerFactor = 1.15
/** The cheaper ones carry so much of the stream, or it would need the others back in no time. */
const leastShare = 0.5

/**
 * Whether a stream that has much in hand leaves a node to itself, since others of its nodes do the same work for fewer
 * joules, be it more slowly than it plays: what is in hand is used up, and then the dear one helps again. So a node that is
 * only needed for what is missing makes no more than that.
 */
export function doesWithout(table: Table, session: PlacementSession, node: PlacementNode): boolean {
  const { leadSeconds, demand, nodes } = session
  const { joulesPerWork } = node
  if (demand === undefined || joulesPerWork === undefined || leadSeconds === Number.POSITIVE_INFINITY)
    return false
  if (leadSeconds <= (nodes.includes(node.id) ? lavishLeadSeconds : thriftyLeadSeconds)) return false
  let cheaper = 0
  for (const own of table.heldBy(session)) {
    if (own.joulesPerWork !== undefined && own.joulesPerWork * dearerFactor <= joulesPerWork)
      cheaper += part(table, own)
  }
  return cheaper >= demand * leastShare
}

/** Takes from streams what they can do without, the dearest first. */
export function spare(table: Table): void {
  for (const session of table.sessions) {
    if (session.leadSeconds <= lavishLeadSeconds || table.countOf(session) < 2) continue
    const dearestFirst = [...table.heldBy(session)].sort(
      (a, b) => (b.joulesPerWork ?? 0) - (a.joulesPerWork ?? 0) || (a.id < b.id ? 1 : -1),
    )
    for (const node of dearestFirst) if (doesWithout(table, session, node)) table.remove(session, node)
  }
}
