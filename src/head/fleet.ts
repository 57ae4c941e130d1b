import type { HeadLink, OrderOutcome } from '../cluster/connect-head.ts'
import { contractFault } from '../cluster/contract.ts'
import type { Beat, LeaseProgress, Order, Refusal } from '../cluster/messages.ts'
import { checkEveryMs, createPresence, type LeaveReason, type PresenceEvent } from '../cluster/presence.ts'
import { errorTable } from '../errors.ts'
import { platforms } from '../platforms/all.ts'
import type { ProvedPlatforms } from '../platforms/ways.ts'
import { startHearing } from './hearing.ts'
import { hearCapabilities, usablePlatforms } from './proved-capabilities.ts'

/** A node that is there, as the head knows it. */
export interface FleetNode {
  readonly id: string
  readonly name: string
  readonly cores: number
  /** What it announces, but for chips of which it has not said yet what they can do. */
  readonly platforms: readonly string[]
  /** What it has proved, by platform; nothing of agents that do not say. */
  readonly capabilities?: ProvedPlatforms
  readonly version: string
  readonly beat: Beat
  /** It is to do no more: a person said so, or it is about to go. */
  readonly draining?: true
  /** Seconds of source a second, smoothed over the leases it has carried out; unknown at first. */
  readonly speed?: number
  /** The head's own: it works only where no other can. */
  readonly firstResponder?: true
}

/** The nodes that are there now, and the way to them. */
export interface Fleet {
  nodes(): readonly FleetNode[]
  node(id: string): FleetNode | undefined
  /**
   * Sends an order; a node that does not listen is dropped at once, and so is one that neither answers nor gives any
   * other sign of life. `disconnected` is nobody's fault: see {@link Fleet.reachable}.
   */
  order(node: string, order: Order): Promise<OrderOutcome>
  /** Resolves with true when the node can be reached, perhaps at once, and with false when it is not there any more. */
  reachable(node: string): Promise<boolean>
  /** For how many milliseconds no node could be heard or reached, because NATS is away; 0 when it is not. */
  awayMs(): number
  /** Any sign of life other than a beat. */
  sign(node: string): void
  /** A lease on pictures went at this speed. */
  observeSpeed(node: string, speed: number): void
  drop(node: string, why: LeaveReason): void
  close(): void
}

export interface FleetEvents {
  /** Somebody joined, left, or was measured. */
  readonly onChange: () => void
  /** Whatever the node was doing is lost: it is gone, or has started anew. */
  readonly onLost: (node: string, why: string) => void
  readonly onNotice: (message: string) => void
  /** A beat that counts, before anybody hears what follows from it. */
  readonly onBeat?: (beat: Beat) => void
  /** How far a node's leases are. */
  readonly onProgress?: (node: string, leases: readonly LeaseProgress[]) => void
  /** Whether some session has this lease. */
  readonly isCarried: (attempt: string, node: string) => boolean
  /** Whether it is still let in: what a node said last may be heard after it was put out. */
  readonly isKnown: (node: string) => boolean
  /** Whether a person wants it to do no more. */
  readonly isDrained?: (node: string) => boolean
  readonly isFirstResponder?: (node: string) => boolean
}

/** An order is answered in milliseconds; a node that takes so long is frozen or overloaded. */
const orderTimeoutMs = 1_500

/** More processes of removed nodes than that are told again. */
const rememberedRefusals = 200

/** Weight of a new speed in the running mean. */
const newSpeedWeight = 0.3

/**
 * Whether it may be given work, speaks our contract, and there is any platform that it has proved and the head can
 * compile for.
 */
export function canWork(node: FleetNode): boolean {
  if (node.draining) return false
  if (contractFault(node.beat.contract) !== null) return false
  return platforms.some(({ name }) => node.platforms.includes(name))
}

/** Resolves when beats are being heard. */
export async function openFleet(link: HeadLink, now: () => number, events: FleetEvents): Promise<Fleet> {
  const presence = createPresence({ now })
  const speeds = new Map<string, number>()
  const refused = new Set<string>()

  const tell = (happened: readonly PresenceEvent[]): void => {
    for (const event of happened) tellOne(event, events)
    if (happened.length > 0) events.onChange()
  }
  let closed = false
  /** Called whenever somebody may be reachable again, or gone. */
  const returns = new Set<() => void>()
  const hearing = startHearing({
    ...{ pulse: link.pulse, breaks: link.breaks, now, everyMs: checkEveryMs },
    onHeard({ deafMs, isAgain }) {
      if (isAgain) presence.hearAgain()
      tell(presence.check(deafMs))
      for (const look of returns) look()
    },
    onFault: (error) => events.onNotice(`NATS: ${error.message}`),
  })
  const capabilities = hearCapabilities({
    order: (node, order) => sendOrder(node, order),
    onTold: () => events.onChange(),
    onNotice: events.onNotice,
  })
  const hear = (beat: Beat): void => {
    if (!events.isKnown(beat.node)) {
      refuseUnknown(beat)
      return
    }
    const before = presence.nodes().get(beat.node)?.beat
    const happened = presence.beat(beat)
    if (presence.nodes().get(beat.node)?.beat === beat) events.onBeat?.(beat)
    tell(happened)
    for (const look of returns) look()
    if (happened.length === 0 && before && isOfferedOtherwise(before, beat)) events.onChange()
    if (happened.some(({ type }) => type === 'joined' || type === 'restarted')) refuseUnfit(beat)
    for (const { attempt } of beat.leases)
      if (!events.isCarried(attempt, beat.node)) cancelStray(beat.node, attempt)
    if (beat.leases.length > 0) events.onProgress?.(beat.node, beat.leases)
    if (contractFault(beat.contract) === null) capabilities.heard(beat)
  }
  let isOpen = false
  await link.onBeats((beat) => {
    // Whoever is told of it may only be made when there is a fleet.
    if (isOpen) hear(beat)
    else setImmediate(hear, beat)
  })
  isOpen = true

  /** On somebody else's NATS server a node that was removed goes on to beat: it is told, once for each of its processes. */
  function refuseUnknown({ node, name, boot }: Beat): void {
    if (refused.has(boot)) return
    if (refused.size >= rememberedRefusals) refused.clear()
    refused.add(boot)
    const message = `${errorTable.E_NODE_REMOVED.what}: ${name}`
    void sendSafely(link, node, { type: 'refuse', code: 'E_NODE_REMOVED', message })
  }

  /** A cancel was lost, or the head that granted it is gone: nobody wants what it makes. */
  function cancelStray(node: string, attempt: string): void {
    events.onNotice(`node ${node} works on ${attempt}, which nobody wants: cancelled`)
    void sendSafely(link, node, { type: 'cancel', attempt })
  }

  /** It stays in the list, where people see why it does nothing, and hears it itself. */
  function refuseUnfit({ node, name, contract, version }: Beat): void {
    const code = contractFault(contract)
    if (code === null) return
    const message = `${errorTable[code].what}: ${name}, release ${version}`
    events.onNotice(`${code}: ${message}`)
    void sendSafely(link, node, { type: 'refuse', code, message })
  }

  async function sendOrder(node: string, order: Order): Promise<OrderOutcome> {
    if (hearing.isDeaf()) return unsent('NATS is away')
    const sentMs = now()
    const outcome = await sendSafely(link, node, order)
    if (outcome.answered) presence.sign(node)
    else if (outcome.why === 'disconnected') hearing.isBroken()
    else if (outcome.why === 'no-responders') {
      if (presence.nodes().get(node)?.awaited) return unsent(`${node} is not back yet`)
      tell(presence.drop(node, 'unreachable'))
    } else if (outcome.why === 'timeout') {
      if (!hearing.heardSince(sentMs)) return unsent('NATS was away')
      if ((presence.nodes().get(node)?.lastSeenAt ?? now()) < sentMs) tell(presence.drop(node, 'silent'))
    }
    return outcome
  }

  const describe = (beat: Beat): FleetNode => {
    const { node: id, name, cores, version, leaving } = beat
    const proved = capabilities.of(beat)
    const platforms = usablePlatforms(beat.platforms, proved)
    const speed = speeds.get(id)
    const draining = leaving ?? events.isDrained?.(id) ?? false
    return {
      ...{ id, name, cores, platforms, version, beat },
      ...(proved && { capabilities: proved }),
      ...(speed !== undefined && { speed }),
      ...(draining && { draining }),
      ...(events.isFirstResponder?.(id) && { firstResponder: true as const }),
    }
  }
  return {
    nodes: () => [...presence.nodes().values()].map(({ beat }) => describe(beat)),
    node(id) {
      const present = presence.nodes().get(id)
      return present && describe(present.beat)
    },
    order: sendOrder,
    reachable: (node) =>
      new Promise((resolve) => {
        const look = (): void => {
          const present = presence.nodes().get(node)
          if (present && !closed && (present.awaited || hearing.isDeaf())) return
          returns.delete(look)
          resolve(present !== undefined && !closed)
        }
        returns.add(look)
        look()
      }),
    awayMs: hearing.deafMs,
    sign: presence.sign,
    observeSpeed(node, speed) {
      const former = speeds.get(node)
      speeds.set(node, former === undefined ? speed : former + (speed - former) * newSpeedWeight)
    },
    drop(node, why) {
      capabilities.forget(node)
      tell(presence.drop(node, why))
    },
    close() {
      closed = true
      hearing.close()
      for (const look of returns) look()
    },
  }
}

/** A connection that is being closed throws instead of answering. */
async function sendSafely(link: HeadLink, node: string, order: Order | Refusal): Promise<OrderOutcome> {
  try {
    return await link.sendOrder(node, order, orderTimeoutMs)
  } catch (error) {
    return { answered: false, why: 'disconnected', message: String(error) }
  }
}

const unsent = (message: string): OrderOutcome => ({ answered: false, why: 'disconnected', message })

/** Whether what a node may be given has changed from one beat to the next. */
function isOfferedOtherwise(before: Beat, beat: Beat): boolean {
  return (
    before.boot === beat.boot &&
    (before.leaving !== beat.leaving || before.proofs !== beat.proofs || !isSameList(before, beat))
  )
}

const isSameList = (before: Beat, beat: Beat): boolean =>
  before.platforms.join('\n') === beat.platforms.join('\n')

function tellOne(event: PresenceEvent, events: FleetEvents): void {
  switch (event.type) {
    case 'joined':
      events.onNotice(`node ${event.beat.name} joined`)
      return
    case 'restarted':
      events.onNotice(`node ${event.beat.name} has started anew`)
      events.onLost(event.node, 'it has started anew')
      return
    case 'left':
      events.onNotice(`node ${event.beat.name} left: ${event.why}`)
      events.onLost(event.node, event.why)
      return
    case 'duplicate':
      events.onNotice(`two agents use the token of node ${event.node}; the one that came later counts`)
  }
}
