import { comfortableLeadSeconds, contentLeadSeconds, littleLeadSeconds, needMargin } from './need.ts'
import { fits } from './table.ts'
import type { Placement, PlacementNode, PlacementSession } from './wants.ts'

interface Held {
  readonly node: PlacementNode
  sharing: number
}

/**
 * What streams have already, where place() would leave it at that: it is asked every second, and most of the time nothing
 * has to change. It takes a look at what each has; the whole of place() compares everybody with everybody. Null where
 * something may have to change.
 */
export function unchanged(
  sessions: readonly PlacementSession[],
  nodes: readonly PlacementNode[],
): Placement | null {
  const held = new Map(nodes.map((node): [string, Held] => [node.id, { node, sharing: 0 }]))
  const having = sessions.map((session) => {
    const own: Held[] = []
    for (const id of session.nodes) {
      const one = held.get(id)
      if (one && !own.includes(one) && fits(session, one.node)) own.push(one)
    }
    for (const one of own) one.sharing += 1
    return own
  })
  for (const { node, sharing } of held.values()) if (sharing < (node.slots ?? 1)) return null
  const hasRich = having.some(({ length }) => length >= 2)
  const stays = sessions.every((session, index) => isContent(session, having[index]!, hasRich))
  if (!stays) return null
  return new Map(
    sessions.map(({ id }, index) => [id, having[index]!.sort(fastestFirst).map(({ node }) => node.id)]),
  )
}

function isContent(
  { leadSeconds, demand = 1 }: PlacementSession,
  own: readonly Held[],
  hasRich: boolean,
): boolean {
  // Who did without goes on with that while he has much in hand, unless there is somebody to take a node from.
  if (own.length === 0) return leadSeconds > contentLeadSeconds && !hasRich
  const need = demand * needMargin
  const isEndangered = leadSeconds < littleLeadSeconds
  const mayGive = leadSeconds > comfortableLeadSeconds && own.length > 1
  if (!isEndangered && !mayGive) return true
  let share = 0
  for (const one of own) share += part(one)
  if (isEndangered) return share >= need
  return own.every((one) => one.sharing <= (one.node.slots ?? 1) || share - part(one) < need)
}

const part = ({ node, sharing }: Held): number => (node.capacity ?? 1) / sharing

const fastestFirst = (a: Held, b: Held): number =>
  (b.node.speed ?? 0) - (a.node.speed ?? 0) || (a.node.id < b.node.id ? -1 : 1)
