import { mostOn } from './most-sessions.ts'
import { fits, type Table } from './table.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

/** A player this close to running dry needs help. */
export const littleLeadSeconds = 8
/** One with so much in hand can do without a node for a while. */
export const comfortableLeadSeconds = 20
/** And goes on doing without it until it has no more than this, so that nodes do not go back and forth. */
export const contentLeadSeconds = 12
/** Who has so much more in hand than another pays for it, so that leads become alike before anybody has none. */
const unequalSeconds = 2
/** Each costs up to a millisecond with a hundred streams on a hundred nodes, and it is all done again in a second. */
const mostTurns = 8
/** Hardly more than real time: what admission keeps free beyond that makes up for nodes that cannot be cut to size. */
export const needMargin = 1.05

/**
 * Streams that fall behind while they have little lead get more, the one with the smallest lead first: a node of one that
 * has more than it needs; else a seat beside others that have enough even then, or a larger lead; else one with a
 * comfortable lead leaves a node that both share, or hands one over, and makes no more until its lead is small enough.
 * Nothing is taken back while leads are what they are, so that nodes do not go back and forth.
 */
export function rescue(table: Table): void {
  goOnWithout(table)
  const isEndangered = (session: PlacementSession) =>
    session.leadSeconds < littleLeadSeconds && share(table, session) < need(session)
  // What helps one may harm another: after so many turns it is as good as it gets.
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const next = first(table, isEndangered)
    if (!next || ![given, joined, yielded, helped].some((gets) => gets(table, next))) break
  }
  for (const session of table.sessions.filter((each) => isComfortable(table, each))) {
    for (const node of table.sortedHeldBy(session)) {
      if (isCrowded(table, node) && isDispensable(table, session, node)) table.remove(session, node)
    }
  }
}

/** Who did without a node while others needed it goes on so until its lead is small enough. */
function goOnWithout(table: Table): void {
  for (const session of table.sessions.filter((each) => isParked(table, each))) {
    for (const node of table.sortedHeldBy(session)) {
      if (isCrowded(table, node)) table.remove(session, node)
    }
  }
}

const isCrowded = (table: Table, node: PlacementNode): boolean => table.sharing(node) > (node.slots ?? 1)

/** Whether a session has enough without this node. */
function isDispensable(table: Table, session: PlacementSession, node: PlacementNode): boolean {
  return table.countOf(session) > 1 && share(table, session) - part(table, node) >= need(session)
}

/** A node that somebody has for himself and does not need. */
function given(table: Table, endangered: PlacementSession): boolean {
  for (const node of table.fitting(endangered)) {
    const [owner] = table.sharing(node) === 1 ? table.on(node) : []
    if (!owner || owner === endangered || !isDispensable(table, owner, node)) continue
    table.move(owner, endangered, node)
    return true
  }
  return false
}

/** Gives it a seat beside others that have enough even then, or a larger lead, where there is most for it. */
function joined(table: Table, endangered: PlacementSession): boolean {
  const most = (node: PlacementNode) => (node.capacity ?? 1) / (table.sharing(node) + 1)
  const roomy = table
    .fitting(endangered)
    .filter((node) => !table.has(endangered, node) && table.sharing(node) < mostOn(node, endangered))
    .filter((node) => hasRoom(table, node, endangered))
    .toSorted((a, b) => most(b) - most(a))[0]
  if (roomy) table.add(endangered, roomy)
  return roomy !== undefined
}

function hasRoom(table: Table, node: PlacementNode, endangered: PlacementSession): boolean {
  const without = part(table, node) - (node.capacity ?? 1) / (table.sharing(node) + 1)
  return [...table.on(node)].every((session) => {
    if (isComfortable(table, session)) return true
    // Who has nothing yet waits for a first segment, and whoever joins makes it late.
    if (session.leadSeconds <= 0 && endangered.leadSeconds > 0) return false
    if (session.leadSeconds > endangered.leadSeconds + unequalSeconds) return true
    return share(table, session) - without >= need(session)
  })
}

/** Somebody with another node, and more of all he has than this one gets, leaves one that both share. */
function yielded(table: Table, endangered: PlacementSession): boolean {
  const poverty = (session: PlacementSession) => share(table, session) / need(session)
  for (const node of table.sortedHeldBy(endangered)) {
    const richer = table.sessions.find(
      (each) =>
        each !== endangered &&
        table.has(each, node) &&
        table.countOf(each) > 1 &&
        (share(table, each) - part(table, node)) / need(each) > poverty(endangered),
    )
    if (!richer) continue
    table.remove(richer, node)
    return true
  }
  return false
}

function helped(table: Table, endangered: PlacementSession): boolean {
  const donors = table.sessions
    .filter((each) => each !== endangered && isComfortable(table, each) && table.countOf(each) > 0)
    .toSorted((a, b) => b.leadSeconds - a.leadSeconds)
  for (const donor of donors) {
    const fitting = table.sortedHeldBy(donor).filter((node) => fits(endangered, node))
    const shared = fitting.find((node) => table.has(endangered, node))
    if (shared) {
      table.remove(donor, shared)
      return true
    }
    const other = fitting[0]
    if (other) {
      table.move(donor, endangered, other)
      return true
    }
  }
  return false
}

/**
 * The nodes that streams leave to whole files: what nobody has, what a comfortable stream does not need, and what has room
 * for one more beside streams that are all comfortable. While a viewer waits nobody gives anything.
 */
export function leaveOver(table: Table): PlacementNode[] {
  for (const session of table.sessions.filter(isContent)) {
    for (const node of table.sortedHeldBy(session).toReversed()) {
      if (isDispensable(table, session, node)) table.remove(session, node)
    }
  }
  return table.nodes.filter((node) => {
    const each = (node.capacity ?? 0) / (table.sharing(node) + 1)
    return [...table.on(node)].every((session) => isContent(session) && each >= need(session))
  })
}

/** What a session gets of its nodes when all who share them are busy. */
function share(table: Table, session: PlacementSession): number {
  let total = 0
  for (const node of table.heldBy(session)) total += part(table, node)
  return total
}

/** What each of those who share a node gets of it. */
function part(table: Table, node: PlacementNode): number {
  return (node.capacity ?? 1) / Math.max(1, table.sharing(node))
}

const need = ({ demand = 1 }: PlacementSession): number => demand * needMargin

const isParked = (table: Table, session: PlacementSession): boolean =>
  table.hadNone(session) && session.leadSeconds > contentLeadSeconds

const isComfortable = (table: Table, session: PlacementSession): boolean =>
  session.leadSeconds > comfortableLeadSeconds || isParked(table, session)

const isContent = ({ leadSeconds }: PlacementSession): boolean => leadSeconds > contentLeadSeconds

function first(table: Table, is: (session: PlacementSession) => boolean): PlacementSession | undefined {
  return table.sessions
    .filter(is)
    .toSorted((a, b) => a.leadSeconds - b.leadSeconds || (a.id < b.id ? -1 : 1))[0]
}
