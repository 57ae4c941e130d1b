import type { Drain } from '../../drain/drain.ts'
import type { Fleet } from '../../fleet.ts'
import type { EndedEntry, RunningEntry, SessionHall } from '../../session/session-hall.ts'
import type { TrustKeeper } from '../../trust/trust-keeper.ts'
import type { LeaseView, NodeState, NodeView } from '../contract/node-view.ts'
import type { SegmentView, SessionView } from '../contract/session-view.ts'
import type { FleetLine, HeadView, Snapshot } from '../contract/snapshot.ts'
import type { PowerSource } from './node-power.ts'
import { type NodeFacts, nodeState, nodeView } from './node-view.ts'
import { leaseViews, type SessionFacts, segmentView, sessionView } from './session-view.ts'

/** What is shown comes from here; nothing of it is changed. */
export interface ViewSources {
  readonly head: () => Omit<HeadView, 'nowMs'>
  readonly known: () => readonly { readonly id: string; readonly name: string }[]
  readonly responderId: string | undefined
  readonly fleet: Pick<Fleet, 'node'>
  readonly hall: Pick<SessionHall, 'running' | 'recent'>
  readonly drain: Pick<Drain, 'stateOf'>
  readonly trust: Pick<TrustKeeper, 'keptOff'>
  readonly power: PowerSource
  /** Since when a node is in its state, where that was seen. */
  readonly sinceMs?: (node: string) => number | null
  /** Milliseconds since 1970. */
  readonly wallNow: () => number
}

/** The head's state as the contract shows it, at this moment. */
export interface FleetView {
  head(): HeadView
  fleet(): FleetLine
  /** By name. */
  nodes(): NodeView[]
  states(): { readonly id: string; readonly state: NodeState }[]
  /** Running or ended lately. `hasSegments`: true unless told; those that ended have them always. */
  session(id: string, hasSegments?: boolean): SessionView | undefined
  facts(id: string): SessionFacts | undefined
  segments(id: string, numbers: Iterable<number>): SegmentView[]
  allSegments(id: string): SegmentView[] | undefined
  running(): readonly string[]
  snapshot(sequence: number): Snapshot
}

export function createFleetView(sources: ViewSources): FleetView {
  const { hall, fleet, drain, trust, power, responderId, wallNow } = sources
  const nameOf = (id: string): string =>
    fleet.node(id)?.name ?? sources.known().find((node) => node.id === id)?.name ?? id

  const runningFacts = ({ session, about, chronicle }: RunningEntry): SessionFacts => ({
    ...{ id: session.id, about, tally: session.tally, chronicle, wallMs: wallNow(), nameOf },
    now: { view: session.view(), player: session.player(), isThrottled: session.isThrottled },
  })
  const endedFacts = ({ id, about, tally, chronicle }: EndedEntry): SessionFacts => ({
    ...{ id, about, tally, chronicle, wallMs: wallNow(), nameOf },
  })
  const facts = (id: string): SessionFacts | undefined => {
    const entry = hall.running().find(({ session }) => session.id === id)
    if (entry) return runningFacts(entry)
    const ended = hall.recent().find((each) => each.id === id)
    return ended && endedFacts(ended)
  }
  const listed = () => sources.known().filter(({ id }) => id !== responderId || fleet.node(id))
  const leasesByNode = (): Map<string, LeaseView[]> => {
    const byNode = new Map<string, LeaseView[]>()
    for (const entry of hall.running()) {
      for (const lease of leaseViews(runningFacts(entry))) {
        const others = byNode.get(lease.node)
        if (others) others.push(lease)
        else byNode.set(lease.node, [lease])
      }
    }
    return byNode
  }
  const factsOfNodes = (): NodeFacts[] => {
    const leases = leasesByNode()
    return listed().map(({ id, name }) => ({
      ...{ id, name, node: fleet.node(id), drained: drain.stateOf(id), power: power.of(id) },
      keptOff: trust.keptOff(id).length,
      leases: leases.get(name) ?? [],
      sinceMs: power.of(id)?.sinceMs ?? sources.sinceMs?.(id) ?? null,
      isFirstResponder: id === responderId,
    }))
  }
  const nodes = (): NodeView[] =>
    factsOfNodes()
      .map(nodeView)
      .sort((one, other) => (one.name < other.name ? -1 : 1))
  const head = (): HeadView => ({ ...sources.head(), nowMs: wallNow() })
  return {
    head,
    fleet: power.fleetLine,
    nodes,
    states: () => factsOfNodes().map((each) => ({ id: each.id, state: nodeState(each) })),
    facts,
    session(id, hasSegments = true) {
      const found = facts(id)
      return found && sessionView(found, hasSegments || found.now === undefined)
    },
    segments(id, numbers) {
      const strip = facts(id)?.chronicle.strip
      const rows = [...numbers].flatMap((segment) => strip?.row(segment) ?? [])
      return rows.sort((one, other) => one.segment - other.segment).map(segmentView)
    },
    allSegments: (id) => facts(id)?.chronicle.strip.rows().map(segmentView),
    running: () => hall.running().map(({ session }) => session.id),
    snapshot: (sequence) => ({
      ...{ head: head(), fleet: power.fleetLine(), nodes: nodes(), sequence },
      sessions: hall.running().map((entry) => sessionView(runningFacts(entry))),
      recent: hall.recent().map((entry) => sessionView(endedFacts(entry))),
    }),
  }
}
