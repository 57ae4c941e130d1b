import { comfortableLeadSeconds, fallingLeadSeconds, isContentWith, need } from './need.ts'
import { fits, largestOf } from './table.ts'
import { lavishLeadSeconds } from './thrift.ts'
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
  const largest = largestOf(nodes)
  const isSame = sessions.every((session, index) => stays(session, having[index]!, largest))
  if (!isSame) return null
  return new Map(
    sessions.map(({ id }, index) => [id, having[index]!.sort(fastestFirst).map(({ node }) => node.id)]),
  )
}

function stays(session: PlacementSession, own: readonly Held[], largest: number): boolean {
  const { leadSeconds } = session
  // Who did without goes on with that while he has much in hand.
  if (own.length === 0) return isContentWith(largest, session)
  const needed = need(session)
  const mayFall = leadSeconds < fallingLeadSeconds
  const mayGive = leadSeconds > comfortableLeadSeconds && own.length > 1
  if (mayGive && leadSeconds > lavishLeadSeconds && isMixed(own)) return false
  if (!mayFall && !mayGive) return true
  let share = 0
  for (const one of own) share += part(one)
  if (mayFall) return share >= needed
  return own.every((one) => one.sharing <= (one.node.slots ?? 1) || share - part(one) < needed)
}

/** Some of them may be dearer than others; see doesWithout. */
const isMixed = (own: readonly Held[]): boolean =>
  own.some(({ node }) => node.joulesPerWork !== own[0]!.node.joulesPerWork)

const part = ({ node, sharing }: Held): number => (node.capacity ?? 1) / sharing

const fastestFirst = (a: Held, b: Held): number =>
  (b.node.speed ?? 0) - (a.node.speed ?? 0) || (a.node.id < b.node.id ? -1 : 1)
