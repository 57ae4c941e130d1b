import { leaveOver, rescue } from './rescue.ts'
import { seatShared, seatStreams } from './seat.ts'
import { fits, Table } from './table.ts'
import { doesWithout, spare } from './thrift.ts'
import { unchanged } from './unchanged.ts'
import type { Placement, PlacementNode, PlacementSession } from './wants.ts'

/**
 * Shares nodes out to sessions. What they have stays with them as far as that is fair, so calling it again without
 * a change changes nothing. A session without any node comes first, then the one with the smallest lead.
 *
 * 1. A session without a node takes an idle one, else one of the session that has most, else a seat on the node
 *    with the fewest sessions; not beside somebody who waits for a first segment, if it can wait itself.
 * 2. Idle nodes go to whoever has fewest.
 * 3. A node moves from one session to another that has at least two fewer.
 * 4. A node with more sessions than slots is left by those that have others.
 *
 * Where it is known what the sessions need, it is these instead of 1, 3 and 4:
 *
 * 5. A stream without a node takes an idle one, else what those can do without who have much in hand; while it has much in
 *    hand itself, it waits. See seatStreams.
 * 6. A stream that falls behind gets what others can give, the more the less it has in hand: see rescue.
 * 7. A stream with much in hand does without its dear nodes for a while: see doesWithout.
 * 8. Whole files, for which no viewer waits, get what the streams do not need: see leaveOver.
 *
 * A node that is taken away is no longer listed; the session then cuts its lease there after the segment in hand.
 * Sound follows the picture's nodes and takes no slot.
 *
 * First responders are left out of all that: sessions for which there is no other node share them, a slot each, and give
 * them up as soon as there is one.
 */
export function place(sessions: readonly PlacementSession[], nodes: readonly PlacementNode[]): Placement {
  const workers = nodes.filter((node) => !node.firstResponder)
  const isKnown = sessions.every(({ demand }) => demand !== undefined)
  const placement = isKnown ? byNeed(sessions, workers) : shareOut(sessions, workers)
  bridge(
    sessions.filter((session) => !workers.some((node) => fits(session, node))),
    nodes.filter((node) => node.firstResponder),
    placement,
  )
  return placement
}

function byNeed(sessions: readonly PlacementSession[], nodes: readonly PlacementNode[]): Placement {
  const [streams, files] = [sessions.filter(isStream), sessions.filter((session) => !isStream(session))]
  const same = files.length === 0 ? unchanged(streams, nodes) : null
  return same ?? weighed(streams, files, nodes)
}

/** As it comes out when everybody is compared with everybody. */
export function weighed(
  streams: readonly PlacementSession[],
  files: readonly PlacementSession[],
  nodes: readonly PlacementNode[],
): Placement {
  const table = new Table(streams, nodes)
  seatStreams(table)
  shareIdle(table)
  rescue(table)
  spare(table)
  if (files.length === 0) return table.placement()
  const free = leaveOver(table)
  return new Map([...table.placement(), ...shareOut(files, free)])
}

function shareOut(sessions: readonly PlacementSession[], nodes: readonly PlacementNode[]): Placement {
  const table = new Table(sessions, nodes)
  settle(table)
  return table.placement()
}

function settle(table: Table): void {
  for (const session of table.byNeed()) {
    if (table.countOf(session) === 0) seat(table, session)
  }
  shareIdle(table)
  level(table)
  unshare(table)
}

const isStream = ({ leadSeconds }: PlacementSession): boolean => leadSeconds !== Number.POSITIVE_INFINITY

/** Who has a slot keeps it, and then who has the smallest lead. */
function bridge(
  sessions: readonly PlacementSession[],
  responders: readonly PlacementNode[],
  placement: Placement,
): void {
  for (const node of responders) {
    const hasIt = (session: PlacementSession) => Number(session.nodes.includes(node.id))
    const waiting = sessions
      .filter((session) => placement.get(session.id)?.length === 0 && fits(session, node))
      .toSorted((a, b) => hasIt(b) - hasIt(a) || a.leadSeconds - b.leadSeconds || (a.id < b.id ? -1 : 1))
    for (const { id } of waiting.slice(0, node.slots ?? 1)) placement.set(id, [node.id])
  }
}

function seat(table: Table, session: PlacementSession): void {
  const fitting = table.fitting(session)
  const idle = fitting.find((node) => table.hasSlot(node))
  if (idle) {
    table.add(session, idle)
    return
  }
  const donors = table.byWealth().filter((donor) => table.countOf(donor) >= 2)
  for (const donor of donors) {
    const node = fitting.findLast((each) => table.has(donor, each))
    if (node) {
      table.move(donor, session, node)
      return
    }
  }
  seatShared(table, session)
}

function shareIdle(table: Table): void {
  for (const node of table.nodes) {
    while (table.hasSlot(node)) {
      const poorest = table
        .byNeed()
        .filter((session) => fits(session, node) && !table.has(session, node))
        .filter((session) => !doesWithout(table, session, node))
        .toSorted((a, b) => table.countOf(a) - table.countOf(b))[0]
      if (!poorest) break
      table.add(poorest, node)
    }
  }
}

function level(table: Table): void {
  for (;;) {
    const move = nextMove(table)
    if (!move) return
    table.move(move.from, move.to, move.node)
  }
}

function nextMove(
  table: Table,
): { from: PlacementSession; to: PlacementSession; node: PlacementNode } | undefined {
  const richFirst = table.byWealth()
  for (const to of richFirst.toReversed()) {
    for (const from of richFirst) {
      if (table.countOf(from) < table.countOf(to) + 2) break
      const node = table.fitting(to).findLast((each) => table.has(from, each) && !table.has(to, each))
      if (node) return { from, to, node }
    }
  }
  return undefined
}

function unshare(table: Table): void {
  for (const node of table.nodes) {
    while (table.sharing(node) > (node.slots ?? 1)) {
      const leaving = table.byWealth().find((each) => table.has(each, node) && table.countOf(each) >= 2)
      if (!leaving) break
      table.remove(leaving, node)
    }
  }
}
