import { mostOn } from './most-sessions.ts'
import { isDispensable, littleLeadSeconds, need, part, share } from './need.ts'
import { fits, type Table } from './table.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

/** Who has so much more in hand than another pays for it, so that leads become alike before anybody has none. */
const unequalSeconds = 2
/** One that is on its way up is not to be held up: it has so much more than it needs, or nobody joins it. */
const spareFactor = 2

/** Who may be taken from. */
export type MayGive = (session: PlacementSession) => boolean

/** A seat on a node: beside all who are there, or instead of a donor. */
export interface Gift {
  readonly node: PlacementNode
  readonly donor: PlacementSession | null
  /** Work a second that it is worth. */
  readonly gain: number
  /** 0: nobody who needs it; 1: a donor makes less for a while; 2: a donor makes nothing for a while. */
  readonly disturbs: 0 | 1 | 2
}

/**
 * What would help a session most that gets less than it needs: of what is enough that which disturbs least, and else what is
 * most. Null where there is nothing.
 */
export function bestGift(table: Table, session: PlacementSession, mayGive: MayGive): Gift | null {
  const missing = need(session) - share(table, session)
  let best: Gift | null = null
  for (const node of table.nodes) {
    if (!fits(session, node)) continue
    for (const gift of giftsOn(table, session, node, mayGive)) {
      if (!best || isBetter(gift, best, missing)) best = gift
    }
  }
  return best
}

export function give(table: Table, session: PlacementSession, { node, donor }: Gift): void {
  if (donor) table.remove(donor, node)
  table.add(session, node)
}

function isBetter(a: Gift, b: Gift, missing: number): boolean {
  const [aSuffices, bSuffices] = [a.gain >= missing, b.gain >= missing]
  if (aSuffices !== bSuffices) return aSuffices
  if (aSuffices && a.disturbs !== b.disturbs) return a.disturbs < b.disturbs
  return a.gain > b.gain || (a.gain === b.gain && a.disturbs < b.disturbs)
}

function giftsOn(table: Table, session: PlacementSession, node: PlacementNode, mayGive: MayGive): Gift[] {
  const capacity = node.capacity ?? 1
  const count = table.sharing(node)
  const isHere = table.has(session, node)
  const gifts: Gift[] = []
  if (!isHere && count < mostOn(node, session) && hasRoom(table, node, session, mayGive)) {
    gifts.push({ node, donor: null, gain: capacity / (count + 1), disturbs: 0 })
  }
  const gain = isHere ? capacity / (count - 1) - capacity / count : capacity / count
  for (const donor of table.on(node)) {
    if (donor === session) continue
    const isSpare = isDispensable(table, donor, node)
    if (!isSpare && !mayGive(donor)) continue
    const disturbs = isSpare ? 0 : table.countOf(donor) > 1 ? 1 : 2
    gifts.push({ node, donor, gain, disturbs })
  }
  return gifts
}

/** Whether all who are there have enough even then, or a larger lead. */
function hasRoom(table: Table, node: PlacementNode, newcomer: PlacementSession, mayGive: MayGive): boolean {
  const without = part(table, node) - (node.capacity ?? 1) / (table.sharing(node) + 1)
  const isEndangered = newcomer.leadSeconds < littleLeadSeconds
  for (const session of table.on(node)) {
    if (mayGive(session)) continue
    const { leadSeconds } = session
    // Who has nothing yet waits for a first segment, and whoever joins makes it late.
    if (leadSeconds <= 0 && newcomer.leadSeconds > 0) return false
    if (isEndangered && leadSeconds > newcomer.leadSeconds + unequalSeconds) continue
    const isBelow = leadSeconds < Math.min(littleLeadSeconds, newcomer.leadSeconds)
    if (share(table, session) - without < need(session) * (isBelow ? spareFactor : 1)) return false
  }
  return true
}
