import { bestGift, give } from './gift.ts'
import {
  fallingLeadSeconds,
  isComfortable,
  isContent,
  isCrowded,
  isDispensable,
  isParked,
  isRicher,
  littleLeadSeconds,
  need,
  part,
  share,
} from './need.ts'
import type { Table } from './table.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

/** Each costs up to a millisecond with a hundred streams on a hundred nodes, and it is all done again in a second. */
const mostTurns = 8

/**
 * Streams that fall behind get more, the one with the smallest lead first: while it has something in hand from those who
 * have much more, and when it has little from all who are comfortable. That is a seat beside others that have enough even then,
 * a node that its owner does not need, or one that is handed over by a stream which makes no more until its own lead is
 * small enough; see bestGift. Where there is nothing of that, one with another node leaves what both share.
 * Nothing is taken back while leads are what they are, so that nodes do not go back and forth.
 */
export function rescue(table: Table): void {
  helpAll(table, littleLeadSeconds, (donor) => isComfortable(table, donor))
  helpAll(table, fallingLeadSeconds, isRicher)
  for (const session of table.sessions) {
    if (!isComfortable(table, session)) continue
    for (const node of table.sortedHeldBy(session)) {
      if (isCrowded(table, node) && isDispensable(table, session, node)) table.remove(session, node)
    }
  }
}

/** What helps one may harm another: after so many turns it is as good as it gets. */
function helpAll(
  table: Table,
  belowSeconds: number,
  mayGive: (donor: PlacementSession, to: PlacementSession) => boolean,
): void {
  const beyondHelp = new Set<PlacementSession>()
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const next = poorest(table, belowSeconds, beyondHelp)
    if (!next) return
    const gift = bestGift(table, next, (donor) => mayGive(donor, next))
    if (gift) give(table, next, gift)
    else if (belowSeconds > littleLeadSeconds || !yielded(table, next)) beyondHelp.add(next)
  }
}

/** The one with the smallest lead of those that get less than they need. */
function poorest(
  table: Table,
  belowSeconds: number,
  beyondHelp: ReadonlySet<PlacementSession>,
): PlacementSession | null {
  let least: PlacementSession | null = null
  for (const session of table.sessions) {
    const { leadSeconds, id } = session
    if (leadSeconds >= belowSeconds || isParked(table, session) || beyondHelp.has(session)) continue
    if (least && (leadSeconds > least.leadSeconds || (leadSeconds === least.leadSeconds && id > least.id)))
      continue
    if (share(table, session) < need(session)) least = session
  }
  return least
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

/**
 * The nodes that streams leave to whole files: what nobody has, what a comfortable stream does not need, and what has room
 * for one more beside streams that are all comfortable. While a viewer waits nobody gives anything.
 */
export function leaveOver(table: Table): PlacementNode[] {
  for (const session of table.sessions.filter((each) => isContent(table, each))) {
    for (const node of table.sortedHeldBy(session).toReversed()) {
      if (isDispensable(table, session, node)) table.remove(session, node)
    }
  }
  return table.nodes.filter((node) => {
    const each = (node.capacity ?? 0) / (table.sharing(node) + 1)
    return [...table.on(node)].every((session) => isContent(table, session) && each >= need(session))
  })
}
