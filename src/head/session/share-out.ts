import { place } from '../../placement/place.ts'
import type { PlacementSession } from '../../placement/wants.ts'
import { canWork, type Fleet, type FleetNode } from '../fleet.ts'
import type { FirstResponder } from '../responder/first-responder.ts'
import type { AwaitedNodes } from './awaited-nodes.ts'
import type { LeaseTrust } from './lease-trust.ts'
import type { LiveSession } from './live-session.ts'
import type { Worker } from './room.ts'
import { hasWorker, lacksAnybody, leadOf, type StreamingEntry } from './sharing.ts'

/** A session as far as nodes are shared out to it. */
export interface SharingEntry extends StreamingEntry {
  readonly session: Pick<LiveSession, 'id' | 'nodeIds' | 'isThrottled' | 'leadSeconds' | 'setNodes'>
  /** Nodes that had leases of an earlier head's, while they have time to come back. */
  readonly awaited: Pick<AwaitedNodes, 'isWaiting'> | null
  readonly trust: Pick<LeaseTrust, 'mayPicture' | 'maySound'> | undefined
}

/** Shares the nodes out among the sessions. */
export interface ShareOut {
  /** Each session hears which nodes it has now; where one has nobody, the first responder is called. */
  shareOut(): void
  /** Whether nodes could do it that are with others now, and its viewer has something to play until it is its turn. */
  isInTurn(id: string): boolean
}

export interface ShareOutOptions {
  readonly fleet: Pick<Fleet, 'nodes'>
  readonly workers: () => readonly Worker[]
  /** By the ids of their sessions. */
  readonly entries: ReadonlyMap<string, SharingEntry>
  readonly responder: Pick<FirstResponder, 'call'> | undefined
  /** Whether any node is not trusted with any kind of work. */
  readonly isAnyKeptOff: () => boolean
}

export function createShareOut({
  fleet,
  workers,
  entries,
  responder,
  isAnyKeptOff,
}: ShareOutOptions): ShareOut {
  const wishOf = ({ session, platforms, trust, demand }: SharingEntry): PlacementSession => ({
    ...{ id: session.id, leadSeconds: leadOf(session), demand, nodes: session.nodeIds },
    platforms: platforms().map((platform) => platform.name),
    ...(trust && isAnyKeptOff() && { trusts: trust.mayPicture }),
  })
  return {
    shareOut() {
      const nodes = workers()
      const all = [...entries.values()]
      const sessions = all.map(wishOf)
      const shares = place(sessions, nodes)
      const byId = new Map(nodes.map((node) => [node.id, node]))
      for (const { session, awaited, trust } of all) {
        if (awaited?.isWaiting()) continue
        const listed = shares.get(session.id) ?? []
        const given = listed.flatMap((id) => byId.get(id) ?? [])
        session.setNodes(trust ? given.map((node) => asTrusted(node, trust)) : given)
      }
      if (sessions.some((each) => lacksAnybody(each, nodes))) responder?.call()
    },
    isInTurn(id) {
      const entry = entries.get(id)
      if (!entry || leadOf(entry.session) <= 0) return false
      return hasWorker(wishOf(entry), fleet.nodes().filter(canWork))
    },
  }
}

/** Sound may be left to others though pictures are not. */
function asTrusted(
  node: FleetNode,
  trust: Pick<LeaseTrust, 'maySound'>,
): FleetNode & { untrustedFor?: readonly string[] } {
  return trust.maySound(node.id, node.platforms) ? node : { ...node, untrustedFor: ['audio'] }
}
