import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OrderOutcome } from '../../cluster/connect-head.ts'
import type { EndedReport, GrantOrder, LeaseFile, LeaseInput, Order } from '../../cluster/messages.ts'
import { dataPlane } from '../../cluster/messages.ts'
import type { Plan } from '../../plan/plan.ts'
import { argumentFault } from '../../platforms/allowed.ts'
import type { Compiled } from '../../platforms/platform.ts'
import type { RungName } from '../../platforms/rungs.ts'
import { compileWay, knownPlatforms, needsCapabilities, type Way } from '../../platforms/ways.ts'
import type { CancelAction, CutAction, ExtendAction, GrantAction } from '../../session/actions.ts'
import type { SessionEvent } from '../../session/events.ts'
import type { LeaseBook, LeaseOwner, OpenInput } from '../data/lease-book.ts'
import type { Fleet, FleetNode } from '../fleet.ts'
import { watchOf } from './lease-watch.ts'

/** A lease on its way or at work. */
export interface CarriedLease {
  readonly attempt: string
  readonly part: string
  readonly node: string
  readonly nodeName: string
  readonly from: number
  readonly grantedMs: number
  /** What it was compiled for; nothing where the arguments were given, or where an earlier head has not said. */
  readonly platform?: string
  /** By which of its ways, where it has several. */
  readonly rung?: RungName
}

/** An input of the session's plan as the head can open it. */
export interface SessionInput extends OpenInput {
  readonly identity: string
  /** See LeaseInput. */
  readonly edges: string
}

/** A file that is sent to a lease's node. */
export interface ShippedFile {
  readonly use: LeaseFile['use']
  readonly bytes: Buffer
  /** SHA-256, hex. */
  readonly digest: string
}

export function shippedFile(use: LeaseFile['use'], bytes: Buffer): ShippedFile {
  return { use, bytes, digest: createHash('sha256').update(bytes).digest('hex') }
}

/** What is not usual about a lease. */
export interface LeaseExtras {
  readonly files?: readonly ShippedFile[]
  /** Instead of what a platform makes of the plan. */
  readonly args?: readonly string[]
}

/** Whose leases these are. */
export interface LeaseHolder extends LeaseOwner {
  readonly id: string
  readonly plan: Plan
  /** The node does not know this lease any more, and has not said how it ended. */
  leaseGone(attempt: string): void
}

export interface AdoptedLease
  extends Pick<CarriedLease, 'attempt' | 'part' | 'node' | 'from' | 'platform' | 'rung'> {
  /** One past its last segment. */
  readonly to: number
}

/** What a lease was granted as. */
export interface GrantedAs {
  readonly action: Pick<GrantAction, 'node' | 'to' | 'doubles' | 'failures'>
  /** Null for the lease of an earlier head. */
  readonly args: readonly string[] | null
}

/** Carries a session's orders to nodes, and opens the data plane to exactly the leases that run. */
export interface LeaseCarrier {
  lease(attempt: string): CarriedLease | undefined
  all(): readonly CarriedLease[]
  /** Null when ffmpeg runs on the node; otherwise what the session has to be told. */
  grant(holder: LeaseHolder, action: GrantAction, extras?: LeaseExtras): Promise<SessionEvent | null>
  order(action: CutAction | ExtendAction | CancelAction): void
  /** Takes over a lease that its node has of an earlier head. */
  adopt(holder: LeaseHolder, lease: AdoptedLease): void
  close(attempt: string, report: EndedReport): void
  /** Forgets a lease that its node does not know. */
  release(attempt: string): void
  /** Forgets what a node had: it is gone, and when it comes back its leases are over. */
  nodeLost(node: string): void
  closeAll(): void
}

/** A platform, and which of its ways. */
export type LeaseWay = Pick<Way, 'platform' | 'rung'> & Partial<Pick<Way, 'framesPerSecond'>>

/** A node that has not answered in ten seconds has been given up for lost. */
const orderTries = 40
const orderRepeatMs = 250

export interface LeaseCarrierOptions {
  readonly fleet: Fleet
  readonly leases: LeaseBook
  readonly inputs: readonly SessionInput[]
  readonly now: () => number
  /** How a node makes the session's pictures; by the first of its platforms unless told. */
  readonly wayOf?: (node: FleetNode) => LeaseWay | null
  /** The ledger hears of each lease; it never waits. */
  readonly onGranted: (lease: CarriedLease, as: GrantedAs) => void
  readonly onClosed: (lease: CarriedLease, report: EndedReport | null) => void
  /** The node answered that it cannot begin. */
  readonly onNotBegun?: (lease: CarriedLease, reason: string) => void
}

/** Carries the leases of one session. */
export function createLeaseCarrier(options: LeaseCarrierOptions): LeaseCarrier {
  const { fleet, leases, inputs, now, wayOf = firstWay } = options
  const carried = new Map<string, CarriedLease>()

  const holders = new Map<string, LeaseHolder>()
  /** The credit that was told last, by attempt: an older one must not be repeated after it. */
  const credits = new Map<string, number>()

  const release = (lease: CarriedLease, report: EndedReport | null): void => {
    carried.delete(lease.attempt)
    holders.delete(lease.attempt)
    credits.delete(lease.attempt)
    leases.close(lease.attempt)
    options.onClosed(lease, report)
  }
  /** Orders after the grant may be repeated without harm, and have to be until the node has heard them. */
  const send = async (lease: CarriedLease, order: Exclude<Order, { type: 'grant' }>): Promise<void> => {
    const isOutdated = () => order.type === 'extend' && credits.get(lease.attempt) !== order.until
    for (let tries = 0; tries < orderTries && !isOutdated(); tries++) {
      const outcome = await fleet.order(lease.node, order)
      if (order.type !== 'cancel' && !carried.has(lease.attempt)) return
      if (outcome.answered) {
        const isUnknown = !outcome.reply.ok && outcome.reply.code === 'unknown-attempt'
        if (isUnknown && order.type !== 'cancel') holders.get(lease.attempt)?.leaseGone(lease.attempt)
        return
      }
      if (outcome.why !== 'disconnected') await sleep(orderRepeatMs)
      else if (await fleet.reachable(lease.node)) tries -= 1
      else return
    }
  }
  /** While NATS is away nothing can be sent and nobody is at fault: the same grant goes out when the node is back. */
  const sendGrant = async (lease: CarriedLease, order: GrantOrder): Promise<OrderOutcome> => {
    for (;;) {
      const outcome = await fleet.order(lease.node, order)
      if (outcome.answered || outcome.why !== 'disconnected') return outcome
      if (!(await fleet.reachable(lease.node)) || !carried.has(lease.attempt)) return outcome
    }
  }
  return {
    lease: (attempt) => carried.get(attempt),
    all: () => [...carried.values()],
    async grant(holder, action, { files = [], args } = {}) {
      const node = fleet.node(action.node)
      if (!node) return { type: 'node-lost', node: action.node }
      const way = wayFor(action.part, node, wayOf(node))
      const compiled = args ? checked({ args }) : checked(compile(holder.plan, way, node, action))
      if ('out' in compiled) return ended(action, 'failed', compiled.out)
      // Its way is another one than when the session granted it, and does not go so far.
      if ((compiled.reach ?? action.to) < action.to) return ended(action, 'stopped', 'another way')
      leases.open(action.attempt, node.id, [...inputs, ...files.map(openFile)], holder)
      const { attempt, part, from } = action
      const lease: CarriedLease = {
        ...{ attempt, part, node: node.id, nodeName: node.name, from, grantedMs: now() },
        ...(!args && way && { platform: way.platform.name }),
        ...(!args && way?.rung && { rung: way.rung }),
      }
      carried.set(attempt, lease)
      holders.set(attempt, holder)
      options.onGranted(lease, { action, args: compiled.args })
      const outcome = await sendGrant(lease, {
        ...{ type: 'grant', attempt, session: holder.id, part, from, to: action.to, until: action.until },
        ...{
          args: compiled.args,
          inputs: inputs.map((input, n) => leaseInput(input, attempt, n)),
        },
        ...(!args && way && watchOf(holder.plan, action, way, node)),
        ...(files.length > 0 && {
          files: files.map((file, n) => leaseFile(file, attempt, inputs.length + n)),
        }),
      })
      if (outcome.answered && outcome.reply.ok) return null
      if (carried.has(attempt)) release(lease, null)
      if (outcome.answered) {
        const reason = outcome.reply.ok ? '' : outcome.reply.message
        if (!outcome.reply.ok && outcome.reply.code === 'spawn-failed') options.onNotBegun?.(lease, reason)
        return ended(action, 'failed', reason)
      }
      // It may have heard the grant all the same.
      void send(lease, { type: 'cancel', attempt })
      if (outcome.why === 'no-responders') return { type: 'node-lost', node: node.id }
      return ended(action, 'stopped', outcome.message)
    },
    order(action) {
      const lease = carried.get(action.attempt)
      if (!lease) return
      if (action.type === 'extend') credits.set(action.attempt, action.until)
      void send(lease, action)
      if (action.type === 'cancel') release(lease, null)
    },
    adopt(holder, { attempt, part, node, from, to, platform, rung }) {
      leases.open(attempt, node, inputs, holder)
      const lease: CarriedLease = {
        ...{ attempt, part, node, from, grantedMs: now() },
        ...(platform !== undefined && { platform }),
        ...(rung !== undefined && { rung }),
        // It may not have come back yet, and only the node itself says how it is called.
        get nodeName() {
          return fleet.node(node)?.name ?? node
        },
      }
      carried.set(attempt, lease)
      holders.set(attempt, holder)
      options.onGranted(lease, { action: { node, to, doubles: null, failures: 0 }, args: null })
    },
    close(attempt, report) {
      const lease = carried.get(attempt)
      if (lease) release(lease, report)
    },
    release(attempt) {
      const lease = carried.get(attempt)
      if (lease) release(lease, null)
    },
    nodeLost(node) {
      for (const lease of [...carried.values()]) if (lease.node === node) release(lease, null)
    },
    closeAll() {
      for (const lease of [...carried.values()]) {
        void send(lease, { type: 'cancel', attempt: lease.attempt })
        release(lease, null)
      }
    },
  }
}

function firstWay(node: FleetNode): LeaseWay | null {
  const platform = knownPlatforms(node.platforms)[0]
  return platform ? { platform } : null
}

/** Sound is the processor's: what a chip fails at says nothing of it. */
function wayFor(part: string, node: FleetNode, way: LeaseWay | null): LeaseWay | null {
  if (part === 'video' || (way && way.rung === undefined)) return way
  const platform = knownPlatforms(node.platforms).findLast(({ name }) => !needsCapabilities(name))
  return platform ? { platform } : way
}

function compile(plan: Plan, way: LeaseWay | null, node: FleetNode, action: GrantAction): Compiled {
  const { from, to, open, failures } = action
  if (!way) return { out: `none of the platforms of ${node.name} can do it` }
  const range = { from, to, open, failures }
  const capabilities = node.capabilities?.get(way.platform.name)
  if (action.part === 'video') return compileWay(plan, range, way, capabilities)
  return way.platform.compileAudio(plan, range, capabilities && { capabilities })
}

function checked(compiled: Compiled): Compiled {
  const fault = 'args' in compiled ? argumentFault(compiled.args) : undefined
  return fault === undefined ? compiled : { out: fault }
}

function openFile({ bytes, digest }: ShippedFile): OpenInput {
  const read = async (position: number, length: number) => bytes.subarray(position, position + length)
  return { path: digest, size: bytes.length, bytes: { read } }
}

/** They are served as inputs are, behind these. */
function leaseFile({ use, bytes, digest }: ShippedFile, attempt: string, index: number): LeaseFile {
  return { use, url: dataPlane.media(attempt, index), size: bytes.length, digest }
}

function leaseInput(input: SessionInput, attempt: string, index: number): LeaseInput {
  return {
    url: dataPlane.media(attempt, index),
    size: input.size,
    identity: input.identity,
    path: input.path,
    edges: input.edges,
  }
}

function ended(action: GrantAction, outcome: 'failed' | 'stopped', reason: string): SessionEvent {
  return { type: 'lease-ended', attempt: action.attempt, outcome, next: action.from, reason }
}
