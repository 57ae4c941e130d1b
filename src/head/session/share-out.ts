import { place } from '../../placement/place.ts'
import { sharesOf } from '../../placement/shares.ts'
import type { PlacementSession } from '../../placement/wants.ts'
import { needsCapabilities } from '../../platforms/ways.ts'
import { canWork, type Fleet, type FleetNode } from '../fleet.ts'
import type { PowerShare } from '../power/power-desk.ts'
import type { FirstResponder } from '../responder/first-responder.ts'
import type { AwaitedNodes } from './awaited-nodes.ts'
import type { LeaseTrust } from './lease-trust.ts'
import type { LiveSession } from './live-session.ts'
import type { Worker } from './room.ts'
import type { SessionPlatform } from './session-platform.ts'
import { hasWorker, lacksAnybody, leadOf, type StreamingEntry } from './sharing.ts'

/** A session as far as nodes are shared out to it. */
export interface SharingEntry extends StreamingEntry {
  readonly session: Pick<LiveSession, 'id' | 'nodeIds' | 'isThrottled' | 'leadSeconds' | 'setNodes'>
  /** Nodes that had leases of an earlier head's, while they have time to come back. */
  readonly awaited: Pick<AwaitedNodes, 'isWaiting'> | null
  readonly trust: Pick<LeaseTrust, 'maySound'> | undefined
  /** The way in which a node would make its pictures; null where it may not, or cannot. */
  readonly wayOf: SessionPlatform['wayOf']
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
  /** What power has to say of it; null where it has no word in it. */
  readonly power?: () => PowerShare | null
}

/** A processor that is busy to no more than that has nothing to encode. */
const quietLoad = 0.1

const isQuiet = ({ beat }: FleetNode): boolean => (beat.health?.load ?? 1) <= quietLoad

/** A stream with so much in hand can wait for a node that wakes. */
const waitsWithSeconds = 8

export function createShareOut({
  fleet,
  workers,
  entries,
  responder,
  isAnyKeptOff,
  power,
}: ShareOutOptions): ShareOut {
  /** Where all are trusted and none has a chip, names of platforms say all there is. */
  const isAsked = (nodes: readonly FleetNode[]) =>
    isAnyKeptOff() || nodes.some(({ platforms }) => platforms.some(needsCapabilities))

  const wishOf = (
    { session, platforms, wayOf, demand }: SharingEntry,
    nodes: readonly FleetNode[],
  ): PlacementSession => ({
    ...{ id: session.id, leadSeconds: leadOf(session), demand, nodes: session.nodeIds },
    platforms: platforms().map((platform) => platform.name),
    ...(isAsked(nodes) && { trusts: trustedWays(nodes, wayOf) }),
  })
  return {
    shareOut() {
      const share = power?.() ?? null
      const nodes = workers()
        .filter(({ id, firstResponder }) => firstResponder || (share?.mayWork(id) ?? true))
        .map((node) => {
          const joulesPerWork = share?.joulesPerWork.get(node.id)
          return { ...node, isQuiet: isQuiet(node), ...(joulesPerWork !== undefined && { joulesPerWork }) }
        })
      const all = [...entries.values()]
      const sessions = all.map((entry) => {
        const wish = wishOf(entry, nodes)
        return share ? asBridged(wish, share.bridged.has(wish.id), nodes) : wish
      })
      const placement = place(sessions, nodes)
      const shares = sharesOf(placement, nodes)
      const byId = new Map(nodes.map((node) => [node.id, { ...node, share: shares.get(node.id) ?? 1 }]))
      for (const { session, awaited, trust } of all) {
        if (awaited?.isWaiting()) continue
        const listed = placement.get(session.id) ?? []
        const given = listed.flatMap((id) => byId.get(id) ?? [])
        session.setNodes(trust ? given.map((node) => asTrusted(node, trust)) : given)
      }
      if (sessions.some((each) => lacksAnybody(each, nodes) && !(share && canWait(each)))) responder?.call()
    },
    isInTurn(id) {
      const entry = entries.get(id)
      if (!entry || leadOf(entry.session) <= 0) return false
      const nodes = fleet.nodes().filter(canWork)
      return hasWorker(wishOf(entry, nodes), nodes)
    },
  }
}

/** Whether a node makes a session's pictures on a platform; asked again and again while nodes are shared out. */
function trustedWays(nodes: readonly FleetNode[], wayOf: SessionPlatform['wayOf']) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const known = new Map<string, string | undefined>()
  return (id: string, platform: string): boolean => {
    const node = byId.get(id)
    if (!known.has(id)) known.set(id, node && wayOf(node)?.platform.name)
    return known.get(id) === platform
  }
}

/** It has enough in hand, or no viewer waits for it. */
const canWait = ({ leadSeconds }: PlacementSession): boolean => leadSeconds >= waitsWithSeconds

/**
 * A stream that is bridged is the first responder's alone, once that is there; one with enough in hand waits for its node
 * to wake.
 */
function asBridged(
  session: PlacementSession,
  isBridged: boolean,
  nodes: readonly Worker[],
): PlacementSession {
  const trusts = session.trusts ?? (() => true)
  const own = new Set(nodes.flatMap(({ id, firstResponder }) => (firstResponder ? [id] : [])))
  if (isBridged && (own.size > 0 || !hasWorker(session, nodes)))
    return { ...session, trusts: (node, platform) => own.has(node) && trusts(node, platform) }
  if (!isBridged && canWait(session))
    return { ...session, trusts: (node, platform) => !own.has(node) && trusts(node, platform) }
  return session
}

/** Sound may be left to others though pictures are not. */
function asTrusted(
  node: FleetNode,
  trust: Pick<LeaseTrust, 'maySound'>,
): FleetNode & { untrustedFor?: readonly string[] } {
  return trust.maySound(node.id, node.platforms) ? node : { ...node, untrustedFor: ['audio'] }
}
