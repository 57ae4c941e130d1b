import { availableParallelism } from 'node:os'
import type { AdmissionNode, AdmittedDemand } from '../../placement/admission.ts'
import { fits } from '../../placement/table.ts'
import type { PlacementNode, PlacementSession } from '../../placement/wants.ts'
import type { FleetNode } from '../fleet.ts'

/** A server that throttles has enough, however long the player has been paused. */
const enoughSeconds = 60

/** The lead by which a session is placed. */
export function leadOf(session: { readonly isThrottled: boolean; leadSeconds(): number }): number {
  return session.isThrottled ? Math.max(enoughSeconds, session.leadSeconds()) : session.leadSeconds()
}

/** The media server needs its machine itself: the first responder has half of it, one session for each two processors. */
export function withSlots(node: FleetNode): FleetNode & { readonly slots?: number } {
  return node.firstResponder ? { ...node, slots: Math.max(1, Math.floor(node.cores / 2)) } : node
}

/** Whether a node is there that could do it, though it may be with others now. */
export function hasWorker(session: PlacementSession, nodes: readonly PlacementNode[]): boolean {
  return nodes.some((node) => !node.firstResponder && fits(session, node))
}

/** Whether the first responder has to come for it. */
export function lacksAnybody(session: PlacementSession, nodes: readonly PlacementNode[]): boolean {
  return !nodes.some((node) => fits(session, node))
}

/** A session as far as it needs room. */
export interface StreamingEntry {
  readonly mode: 'stream' | 'file'
  /** See demandOf. */
  readonly demand: number
  readonly platforms: () => readonly { readonly name: string }[]
}

/** What the streams that run need: whole files take what is over. */
export function streamsOf(entries: Iterable<StreamingEntry>): AdmittedDemand[] {
  return [...entries]
    .filter(({ mode }) => mode === 'stream')
    .map(({ demand, platforms }) => ({ demand, platforms: platforms().map(({ name }) => name) }))
}

/** Where nobody else is, it is half of this machine that the first responder has. */
export function nodesForAll(
  nodes: readonly (PlacementNode & AdmissionNode)[],
  platforms: readonly string[],
): readonly AdmissionNode[] {
  const others = nodes.filter((node) => !node.firstResponder)
  return others.length > 0 ? others : [{ platforms, capacity: availableParallelism() / 2 }]
}
