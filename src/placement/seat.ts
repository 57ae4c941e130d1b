import { bestGift, give } from './gift.ts'
import { mostOn } from './most-sessions.ts'
import { hasPlenty, isComfortable, isContent } from './need.ts'
import { fits, type Table } from './table.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

/** Who has more in hand than a first segment takes can wait until somebody else has his. */
const waitingLeadSeconds = 3
/** So fast a first segment of two seconds is there within a second and a half, an encoder's start included. */
const startSpeed = 2

/** A node for each stream that has none and cannot do without, the one with the smallest lead first. */
export function seatStreams(table: Table): void {
  for (const session of table.byNeed()) {
    if (table.countOf(session) > 0) continue
    const idle = table.fitting(session).find((node) => table.hasSlot(node))
    if (idle) table.add(session, idle)
    // It can do without, and may have handed over what it had just now.
    else if (isContent(table, session)) continue
    else if (session.leadSeconds > 0 || !seatBeginner(table, session)) seatBetween(table, session)
  }
}

/**
 * Who has nothing yet begins where those who are there have plenty: beside them where that is fast enough, else in their
 * place. They make nothing for now anyway, or can do without.
 */
function seatBeginner(table: Table, session: PlacementSession): boolean {
  const seats = table.fitting(session).filter((node) => [...table.on(node)].every(hasPlenty))
  const least = (node: PlacementNode) =>
    [...table.on(node)].reduce((lead, each) => Math.min(lead, each.leadSeconds), Number.POSITIVE_INFINITY)
  const quiet = (node: PlacementNode) => Number(node.isQuiet ?? false)
  const best = seats.toSorted(
    (a, b) =>
      quiet(b) - quiet(a) ||
      Math.min(1, speedBeside(table, session, b)) - Math.min(1, speedBeside(table, session, a)) ||
      (b.capacity ?? 1) - (a.capacity ?? 1) ||
      least(b) - least(a),
  )[0]
  if (!best) return false
  if (speedBeside(table, session, best) < 1)
    for (const other of [...table.on(best)]) table.remove(other, best)
  table.add(session, best)
  return true
}

/** How fast it begins beside the others, 1 for fast enough. */
function speedBeside(table: Table, { demand = 1 }: PlacementSession, node: PlacementNode): number {
  return (node.capacity ?? 1) / (table.sharing(node) + 1) / demand / startSpeed
}

/** What others can give or have room for; else a seat where there is most for it. */
function seatBetween(table: Table, session: PlacementSession): void {
  const gift = bestGift(table, session, (donor) => isComfortable(table, donor))
  if (gift) give(table, session, gift)
  else seatShared(table, session)
}

/** A seat on the node with most for one more; not beside somebody who waits for a first segment, if it can wait itself. */
export function seatShared(table: Table, session: PlacementSession): void {
  const canWait = session.leadSeconds > waitingLeadSeconds
  const shared = table.nodes
    .filter((node) => fits(session, node) && table.sharing(node) < mostOn(node, session))
    .filter((node) => !(canWait && hasBeginner(table, node)))
    .toSorted((a, b) => shareOn(table, b) - shareOn(table, a))[0]
  if (shared) table.add(session, shared)
}

/** Somebody there has nothing yet: alone a first segment is made twice as fast, and is there in a second or two. */
function hasBeginner(table: Table, node: PlacementNode): boolean {
  for (const { leadSeconds } of table.on(node)) if (leadSeconds <= 0) return true
  return false
}

/** What one more session would get of a node. */
function shareOn(table: Table, node: PlacementNode): number {
  return (node.capacity ?? 1) / (table.sharing(node) + 1)
}
