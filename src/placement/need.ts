import type { Table } from './table.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

/** A player this close to running dry needs help from whoever can give any. */
export const littleLeadSeconds = 8
/** One that gets less than it needs is helped from here on by those who have plenty, before anybody has to be taken from. */
export const fallingLeadSeconds = 16
/** One with so much in hand can do without a node for a while, */
export const comfortableLeadSeconds = 20
/** and goes on doing without it until it has no more than this, so that nodes do not go back and forth. */
const contentLeadSeconds = 12
/** and with more where a node takes longer than a second for a piece of so much: it ends another's first, and then makes its own. */
const pieceSeconds = 2
/** Who has so much can give for long before it needs anything back. */
const plentyLeadSeconds = 40
/** One with so much more in hand than another can give to it. */
const richerSeconds = 20
/** Hardly more than real time: what admission keeps free beyond that makes up for nodes that cannot be cut to size. */
const needMargin = 1.05
/** Who has less in hand has to gain, and what starts, seams and sound cost is dearest where pieces are short. */
const fallingMargin = 1.15
const littleMargin = 1.6

/** Work a second with which a stream gets on: the more the less it has in hand. */
export function need({ demand = 1, leadSeconds }: PlacementSession): number {
  if (leadSeconds < littleLeadSeconds) return demand * littleMargin
  return demand * (leadSeconds < fallingLeadSeconds ? fallingMargin : needMargin)
}

/** What a session gets of its nodes when all who share them are busy. */
export function share(table: Table, session: PlacementSession): number {
  let total = 0
  for (const node of table.heldBy(session)) total += part(table, node)
  return total
}

/** What each of those who share a node gets of it. */
export function part(table: Table, node: PlacementNode): number {
  return (node.capacity ?? 1) / Math.max(1, table.sharing(node))
}

/** Whether a session has enough without this node. */
export function isDispensable(table: Table, session: PlacementSession, node: PlacementNode): boolean {
  return table.countOf(session) > 1 && share(table, session) - part(table, node) >= need(session)
}

export const isCrowded = (table: Table, node: PlacementNode): boolean =>
  table.sharing(node) > (node.slots ?? 1)

/** Whether it can do without a node for now, where the largest is worth so much. */
export function isContentWith(largest: number, { demand = 1, leadSeconds }: PlacementSession): boolean {
  if (leadSeconds <= contentLeadSeconds) return false
  return leadSeconds > contentLeadSeconds + 2 * Math.max(0, (pieceSeconds * demand) / largest - 1)
}

export const isContent = (table: Table, session: PlacementSession): boolean =>
  isContentWith(table.largest, session)

/** It did without a node before, and goes on so. */
export const isParked = (table: Table, session: PlacementSession): boolean =>
  table.hadNone(session) && isContent(table, session)

export const isComfortable = (table: Table, session: PlacementSession): boolean =>
  session.leadSeconds > comfortableLeadSeconds || isParked(table, session)

export const isRicher = (donor: PlacementSession, than: PlacementSession): boolean =>
  donor.leadSeconds > than.leadSeconds + richerSeconds

export const hasPlenty = ({ leadSeconds }: PlacementSession): boolean => leadSeconds > plentyLeadSeconds
