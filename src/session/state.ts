import type { SessionAction } from './actions.ts'
import type { SessionNode } from './events.ts'
import { type GoingOn, partGoingOn, publicationGoingOn } from './going-on.ts'
import { isHeld, type Lease } from './lease.ts'
import { nodeSpeeds, type Paces, rescalePace } from './pace.ts'
import { newPart, type PartState } from './part.ts'
import { newPublication, type Publication } from './publication.ts'
import type { SessionSpec } from './spec.ts'

/** Everything a session knows. The functions of this room read and change it; nothing else does. */
export interface SessionState {
  readonly spec: SessionSpec
  /** In the order of the spec: the first is the reference part. */
  readonly parts: readonly PartState[]
  readonly publication: Publication
  /** Nodes that may be used now. */
  nodes: readonly SessionNode[]
  /** Until when a node gets nothing after a lease that ended badly. */
  readonly restUntilMs: Map<string, number>
  /** Nodes that seem to hang: how often in a row another was first with what they had, and until when they are left out. */
  readonly hanging: Map<string, { readonly times: number; readonly untilMs: number }>
  /** What the session had of each node when it was last listed; see SessionNode. */
  readonly shares: Map<string, number>
  /** By part: how fast each node has been. */
  readonly paces: ReadonlyMap<PartState, Paces>
  throttledSinceMs: number | null
  /** Counts the attempts granted so far. */
  attempts: number
  /** Finished, failed or killed: nothing happens any more. */
  over: boolean
}

/** `past` for a session that another head began. */
export function newState(spec: SessionSpec, past?: GoingOn, nowMs = 0): SessionState {
  if (spec.parts.length === 0) throw new RangeError('a session has at least one part')
  const parts = spec.parts.map((part) => {
    const before = past?.parts.find(({ name }) => name === part.name)
    return before ? partGoingOn(part, before, spec, nowMs) : newPart(part, spec.firstSegment)
  })
  return {
    spec,
    parts,
    publication: past ? publicationGoingOn(past, nowMs) : newPublication(spec.firstSegment),
    nodes: [],
    restUntilMs: new Map(),
    hanging: new Map(),
    shares: new Map(),
    paces: new Map(parts.map((part) => [part, new Map()])),
    throttledSinceMs: null,
    attempts: 0,
    over: false,
  }
}

/** Takes the list of nodes. One that is shared with more sessions than before is slower from now on. */
export function takeNodes(state: SessionState, nodes: readonly SessionNode[]): void {
  state.nodes = nodes
  for (const { id, share = 1 } of nodes) {
    const factor = share / (state.shares.get(id) ?? share)
    state.shares.set(id, share)
    if (factor === 1) continue
    for (const paces of state.paces.values()) rescalePace(paces, id, factor)
  }
}

/** The live lease behind an attempt, and its part. */
export function findLease(
  state: SessionState,
  attempt: string,
): { readonly part: PartState; readonly lease: Lease } | null {
  for (const part of state.parts) {
    const lease = part.leases.get(attempt)
    if (lease) return { part, lease }
  }
  return null
}

/** Nodes for a part: those that failed at it, and then those that are late or hang, only when there is no other. */
export function usableNodes(state: SessionState, part: PartState, nowMs: number): readonly SessionNode[] {
  const punctual = punctualNodes(state, part, nowMs)
  return punctual.length > 0 ? punctual : state.nodes
}

/** Nodes but one that are neither late nor hang; those that failed at the part only when there is no other. */
export function punctualNodes(
  state: SessionState,
  part: PartState,
  nowMs: number,
  but: string | null = null,
): readonly SessionNode[] {
  const late = new Set([...part.leases.values()].filter((lease) => lease.late).map((lease) => lease.node))
  const isHanging = ({ id }: SessionNode) => (state.hanging.get(id)?.untilMs ?? nowMs) > nowMs
  const punctual = state.nodes.filter((node) => node.id !== but && !late.has(node.id) && !isHanging(node))
  const trusted = punctual.filter(
    (node) => !part.avoided.has(node.id) && !node.untrustedFor?.includes(part.name),
  )
  return trusted.some(({ id }) => !standsStill(part, id, nowMs)) ? trusted : punctual
}

/** One that has shown nothing for so long is no other to wait for. */
const stillMs = 60_000

function standsStill(part: PartState, node: string, nowMs: number): boolean {
  return [...part.leases.values()].some(
    (lease) => lease.node === node && !isHeld(lease) && nowMs - lease.movedMs > stillMs,
  )
}

/** Whether a node may be given something: not for a moment after a lease that ended badly. */
export function isRested(state: SessionState, node: string, nowMs: number): boolean {
  return (state.restUntilMs.get(node) ?? 0) <= nowMs
}

/** Speeds of the listed nodes at a part, seconds of source a second. */
export function speedsAt(state: SessionState, part: PartState): Map<string, number> {
  return nodeSpeeds(state.nodes, state.paces.get(part)!)
}

/** Lowers a lease's end and says so to its node; nothing when it ends there or before anyway. */
export function cutLease(lease: Lease, at: number): SessionAction[] {
  if (at >= lease.to) return []
  lease.to = at
  lease.cut = true
  return [{ type: 'cut', attempt: lease.attempt, at }]
}

/** Forgets a lease whose work is not wanted and says so to its node. */
export function cancelLease(part: PartState, lease: Lease): SessionAction {
  part.leases.delete(lease.attempt)
  return { type: 'cancel', attempt: lease.attempt }
}
