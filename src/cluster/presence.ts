import type { Beat } from './messages.ts'

/** A node that is there, as its last beat described it. */
export interface PresentNode {
  readonly beat: Beat
  /** Head's clock, milliseconds: when it was last heard of. */
  readonly lastSeenAt: number
  /** It has not beaten since we could hear anybody again: it may not have come back yet. */
  readonly awaited: boolean
}

export type PresenceEvent =
  | { readonly type: 'joined'; readonly node: string; readonly beat: Beat }
  /** Another process under the same id: whatever the former one was doing is lost. */
  | { readonly type: 'restarted'; readonly node: string; readonly beat: Beat; readonly formerBoot: string }
  | { readonly type: 'left'; readonly node: string; readonly beat: Beat; readonly why: LeaveReason }
  /** Two agents use one token; the one that came later counts. Told once for each agent. */
  | { readonly type: 'duplicate'; readonly node: string; readonly boot: string }

export type LeaveReason = 'silent' | 'unreachable' | 'removed'

export interface PresenceOptions {
  /** The head's own clock in milliseconds, never set back (`performance.now`). Nodes' clocks are never used. */
  readonly now: () => number
  /**
   * Silence after which a node that holds leases is lost. The design leases its segments again within 2,000 ms of
   * the last sign of life; the default leaves 200 ms of that for noticing and ordering, and 800 ms for a late beat.
   */
  readonly silenceMs?: number
  /** The same for a node without leases, which beats less often. */
  readonly idleSilenceMs?: number
}

/** Who is there. Every method returns or takes values; the caller acts on events in the order given. */
export interface Presence {
  readonly beat: (beat: Beat) => readonly PresenceEvent[]
  /** Any other message of that node, such as a segment: it lives. */
  readonly sign: (node: string) => void
  /**
   * Call it every {@link checkEveryMs}, when what was said before has been heard. `deafMs` is for how long nothing could
   * be heard since the last call: it is no silence of anybody.
   */
  readonly check: (deafMs?: number) => readonly PresenceEvent[]
  /** The connection broke and is back. Nodes have to find theirs, too, so each has its whole time anew. */
  readonly hearAgain: () => void
  /** The head knows better than to wait for silence: an order found nobody listening, or the node was removed. */
  readonly drop: (node: string, why: LeaveReason) => readonly PresenceEvent[]
  readonly nodes: () => ReadonlyMap<string, PresentNode>
}

/** How often the head should call `check`. */
export const checkEveryMs = 100

const defaultSilenceMs = 1_800
/** An idle node beats every 2.5 s; an order that it does not answer tells of its death earlier. */
const defaultIdleSilenceMs = 4_300
/** A check this late means that the head itself was frozen, and beats may be waiting in its socket. */
const frozenMs = 1_000
/** Time for those beats to be read. */
const thawMs = 500
/** A node remembers this many of its former processes. */
const rememberedBoots = 16

export function createPresence(options: PresenceOptions): Presence {
  const { now, silenceMs = defaultSilenceMs, idleSilenceMs = defaultIdleSilenceMs } = options
  const present = new Map<string, PresentNode>()
  const formerBoots = new Map<string, Map<string, 'retired' | 'reported'>>()
  const lastBoot = new Map<string, string>()
  let checkedAt = now()

  const retire = (node: string, boot: string) => {
    const boots = formerBoots.get(node) ?? new Map<string, 'retired' | 'reported'>()
    boots.set(boot, 'retired')
    for (const oldest of [...boots.keys()].slice(0, -rememberedBoots)) boots.delete(oldest)
    formerBoots.set(node, boots)
  }

  const beat = (heard: Beat): readonly PresenceEvent[] => {
    const { node, boot } = heard
    const former = formerBoots.get(node)?.get(boot)
    if (former !== undefined) {
      formerBoots.get(node)?.set(boot, 'reported')
      return former === 'reported' ? [] : [{ type: 'duplicate', node, boot }]
    }
    const formerBoot = lastBoot.get(node)
    if (formerBoot !== undefined && formerBoot !== boot) retire(node, formerBoot)
    lastBoot.set(node, boot)
    const wasPresent = present.has(node)
    present.set(node, { beat: heard, lastSeenAt: now(), awaited: false })
    if (!wasPresent) return [{ type: 'joined', node, beat: heard }]
    if (formerBoot === undefined || formerBoot === boot) return []
    return [{ type: 'restarted', node, beat: heard, formerBoot }]
  }

  const sign = (node: string) => {
    const known = present.get(node)
    if (known) present.set(node, { ...known, lastSeenAt: now() })
  }

  const drop = (node: string, why: LeaveReason): readonly PresenceEvent[] => {
    const known = present.get(node)
    if (known === undefined) return []
    present.delete(node)
    if (why === 'removed') {
      formerBoots.delete(node)
      lastBoot.delete(node)
    }
    return [{ type: 'left', node, beat: known.beat, why }]
  }

  const hearAgain = (): void => {
    checkedAt = now()
    for (const [node, { beat: last }] of present) {
      present.set(node, { beat: last, lastSeenAt: now(), awaited: true })
    }
  }

  const check = (deafMs = 0): readonly PresenceEvent[] => {
    const at = now()
    const wasFrozen = at - checkedAt > frozenMs
    checkedAt = at
    const events: PresenceEvent[] = []
    for (const [node, before] of present) {
      const known = deafMs > 0 ? { ...before, lastSeenAt: Math.min(at, before.lastSeenAt + deafMs) } : before
      present.set(node, known)
      const silence = at - known.lastSeenAt
      const limitMs = known.beat.leases.length > 0 ? silenceMs : idleSilenceMs
      if (silence < limitMs) continue
      if (wasFrozen) present.set(node, { ...known, lastSeenAt: at - limitMs + thawMs })
      else events.push(...drop(node, 'silent'))
    }
    return events
  }

  return { beat, sign, check, hearAgain, drop, nodes: () => present }
}
