import { setTimeout as sleep } from 'node:timers/promises'
import { fingerprintOf } from '../cluster/certificate.ts'
import type { LogRing } from '../cluster/log-ring.ts'
import { createMemoryTidy } from '../cluster/memory-tidy.ts'
import type { GrantOrder, KeyPair, LeaseOrder, Order, OrderReply } from '../cluster/messages.ts'
import type { Meter } from '../power/meters/meter.ts'
import { type Beats, startBeats } from './beats.ts'
import { BlockCache } from './block-cache.ts'
import { type BlockStore, openBlockStore, troubleOf } from './block-store.ts'
import { createCapabilityDesk, type ProvedCapabilities } from './capability-desk.ts'
import type { Confinement } from './confinement.ts'
import type { ControlConnection } from './control.ts'
import { encoderCommand } from './encoder-command.ts'
import { createHeadClient } from './head-client.ts'
import type { HealthWatch } from './health/watch-health.ts'
import { createLaunchPad } from './launch-pad.ts'
import { faultOfGrant } from './lease-arguments.ts'
import { openLeaseFiles } from './lease-files.ts'
import { LeaseTable } from './lease-table.ts'
import type { Log } from './log.ts'
import { startLoopback } from './loopback.ts'
import { createOrderDesk } from './order-desk.ts'
import { createPathMaps, type PathRule } from './path-map.ts'
import { createPathProver } from './path-prover.ts'
import { Pauses } from './pauses.ts'
import { createPowerDesk } from './power-desk.ts'
import { createProofDesk } from './proof-desk.ts'
import { ReportSender } from './report-sender.ts'
import { SegmentBudget } from './segment-budget.ts'
import { createSessionNotes } from './session-notes.ts'
import { watchHead } from './watch-head.ts'
import { watchWatts } from './watts/watch-watts.ts'

const mebibyte = 1024 * 1024

/** Bounds of an agent's memory and patience; the defaults suit a board with 2 GB. */
export interface AgentLimits {
  /** Media kept for the next lease of the same file. */
  readonly cacheBytes: number
  /** Of it, what is read again and again, on the disk; see AgentOptions.cacheFolder. */
  readonly diskBytes: number
  /** Segments held for a head that does not take them. */
  readonly segmentBytes: number
  /** Media is fetched from the head in pieces of this size. */
  readonly blockBytes: number
  /** How long a read waits for a head that does not answer, before its lease fails. */
  readonly readPatienceMs: number
  /** From beat to beat while it holds leases: the head counts on it. */
  readonly beatMs: number
  /** And while it holds none: each costs a board some milliseconds of its sleep. See presence.ts. */
  readonly idleBeatMs: number
  /** So long after the last lease the cache is emptied. */
  readonly idleMs: number
  /** A head that is out of reach for so long is taken for gone, and its leases are dropped. */
  readonly headPatienceMs: number
}

export const defaultLimits: AgentLimits = {
  cacheBytes: 64 * mebibyte,
  diskBytes: 256 * mebibyte,
  segmentBytes: 64 * mebibyte,
  blockBytes: mebibyte / 2,
  readPatienceMs: 30_000,
  beatMs: 1_000,
  idleBeatMs: 2_500,
  idleMs: 10_000,
  headPatienceMs: 60_000,
}

/** A disk that does not answer in this time does not hold up the lease: its input comes from the head. */
const proofPatienceMs = 50

/** After so long nobody waits for the disk any more: whoever looks into it is killed. */
const proofLimitMs = 5_000

const noDisk = { prove: async () => ({ none: 'there is no map' }) }

export interface AgentOptions {
  readonly control: ControlConnection
  /** https://host:port */
  readonly headUrl: string
  /** PEM of the one certificate to trust for it, whatever its names and dates say. */
  readonly certificate: string
  /** Who this node is to the head. */
  readonly identity: KeyPair
  readonly id: string
  readonly name: string
  readonly version: string
  /** A path, or a name to be found in PATH. */
  readonly ffmpeg?: string
  /** Capabilities that this node has proved. */
  readonly platforms: readonly string[]
  /** Proves them again when the head asks; without it they stay as they are. */
  readonly prove?: () => Promise<readonly string[]>
  /** What it has proved of them in detail; without it the head gives it no lease for a chip. */
  readonly capabilities?: ProvedCapabilities
  readonly confinement: Confinement
  /** See PowerDeskOptions. */
  readonly powerProgram?: string | undefined
  readonly log: Log
  readonly limits?: Partial<AgentLimits>
  /** Folders of the head's that are here too. */
  readonly maps?: readonly PathRule[]
  /** A folder of the agent's own, emptied when it starts, for media that is read again and again; none without. */
  readonly cacheFolder?: string
  /** Another one, for the text and the fonts of leases; a temporary one without. */
  readonly filesFolder?: string
  /** How it learns what its machine draws; the head is not told without. */
  readonly meter?: Meter | undefined
  /** How busy and how warm its machine is; the head is not told without. */
  readonly health?: Pick<HealthWatch, 'told'>
  /** The end of its log, for the head; it tells none without. */
  readonly recentLog?: Pick<LogRing, 'last'>
}

/** From look to look whether a node that is about to go has something in hand. */
const leaveLookMs = 50

export interface Agent {
  /**
   * Tells the head that this node is about to go, so that its work goes elsewhere, and resolves when it has none any
   * more, at the latest after `patienceMs`, or when the signal is aborted. {@link close} is still to be called.
   */
  leave(patienceMs: number, signal: AbortSignal): Promise<void>
  /** Whether it has any lease. */
  isBusy(): boolean
  /** Drops all leases, kills their ffmpeg, tells the head where it can, and closes the control connection. */
  close(): Promise<void>
}

/**
 * Starts a node's agent: it beats, takes orders and carries out leases until it is closed.
 * Throws E_FFMPEG_MISSING, and what reading the certificate throws.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { control, id, log } = options
  const limits = { ...defaultLimits, ...options.limits }
  const command = await encoderCommand(options.ffmpeg ?? 'ffmpeg')
  const client = createHeadClient(options.headUrl, {
    fingerprint: fingerprintOf(options.certificate),
    identity: options.identity,
  })
  const loopback = await startLoopback(log)
  const { disk, trouble } = await openDisk(options, limits.diskBytes)
  const cache = new BlockCache(limits.cacheBytes, disk)
  const files = await openLeaseFiles({ client, folder: options.filesFolder })
  const budget = new SegmentBudget(limits.segmentBytes)
  const reports = new ReportSender(control, log)
  const pauses = new Pauses()
  control.onReconnect(() => pauses.wakeAll())
  const tidy = createMemoryTidy({ idleMs: limits.idleMs, onIdle: () => cache.clear() })
  const launchPad = createLaunchPad(command)
  const rules = options.maps ?? []
  const prover =
    rules.length > 0 ? createPathProver({ bound: command.slice(0, -1), limitMs: proofLimitMs }) : undefined
  const paths = createPathMaps(rules, prover ?? noDisk, log)
  const { meter } = options
  const sessions = createSessionNotes()
  const isBusy = (): boolean => leases.progress().length > 0
  const leases = new LeaseTable({
    tools: {
      ...{ ...limits, client, loopback, cache, command, budget, paths, pauses, launchPad, files },
      ...{ confinement: options.confinement, handled: tidy.handled },
    },
    onEnded: async (end) => {
      log.info('lease over', {
        ...sessions.of(end.attempt),
        attempt: end.attempt,
        outcome: end.outcome,
        next: end.next,
        exitCode: end.exitCode,
      })
      sessions.forget(end.attempt)
      await reports.send({ type: 'ended', node: id, ...end })
    },
    onFault: (error) => log.error('the end of a lease', { error }),
    onIdle: (idle) => {
      tidy.idle(idle)
      watts?.changed()
      // Not before the order is answered.
      setImmediate(() => beats?.now())
    },
  })
  const watts = meter && watchWatts({ meter, isBusy, log })
  tidy.idle(true)
  const watch = watchHead(control, client, limits.headPatienceMs, () => {
    log.warn('the head is gone: all leases are dropped', { afterMs: limits.headPatienceMs })
    leases.dropAll('the head is gone')
  })
  const handle = (order: LeaseOrder): OrderReply => {
    const reply = leases.handle(order)
    if (order.type === 'grant') sessions.note(order.attempt, order.session)
    log.info('order', { type: order.type, ...sessions.of(order.attempt), attempt: order.attempt, ...reply })
    if (order.type === 'grant' && !reply.ok) sessions.forget(order.attempt)
    return reply
  }
  const fetchFiles = (order: GrantOrder) => (faultOfGrant(order) === undefined ? files.fetch(order) : null)
  const takeLeaseOrder = createOrderDesk({
    prepare: (order) => both(paths.prove(order.inputs, proofPatienceMs), fetchFiles(order)),
    handle,
    discard: ({ attempt }) =>
      void files.drop(attempt).catch((error: unknown) => log.warn('files of a lease are left', { error })),
  })
  const capabilities = createCapabilityDesk(options.capabilities, () => beats?.now())
  const proof = createProofDesk({
    platforms: options.platforms,
    async prove() {
      await capabilities.prove()
      return options.prove?.() ?? options.platforms
    },
    onProved: (platforms) => {
      log.info('proved again', { platforms })
      beats?.now()
    },
    onFault: (error) => log.error('a proof', { error }),
  })
  const takePowerOrder = createPowerDesk({ program: options.powerProgram, log })
  const takeOrder = (order: Order): OrderReply | Promise<OrderReply> => {
    if (order.type === 'tell') return capabilities.tell()
    if (order.type === 'power') return takePowerOrder(order)
    if (order.type === 'log')
      return { ok: true, log: options.recentLog?.last(order.most, order.session) ?? [] }
    if (order.type !== 'prove') return takeLeaseOrder(order)
    proof.again()
    return { ok: true }
  }
  let leaving = false
  let beats: Beats | undefined
  const close = async () => {
    beats?.stop()
    watch.stop()
    tidy.stop()
    watts?.stop()
    reports.close()
    await leases.close()
    await prover?.close()
    await launchPad.close()
    client.close()
    await loopback.close()
    await disk?.close()
    await files.close()
    await control.close()
  }
  try {
    await control.serveOrders(takeOrder)
  } catch (error) {
    await close()
    throw error
  }
  beats = startBeats({
    ...{ control, beatMs: limits.beatMs, idleBeatMs: limits.idleBeatMs },
    node: { node: id, name: options.name, version: options.version },
    moment: () => {
      const wrong = disk?.trouble ?? trouble
      return {
        ...{ platforms: capabilities.platforms(proof.platforms), proofs: proof.proofs },
        ...{ leases: leases.progress(), ...capabilities.told },
        ...(leaving && { leaving }),
        ...(wrong !== null && { troubles: [wrong] }),
        ...watts?.told(),
        ...options.health?.told(),
      }
    },
  })
  let closing: Promise<void> | undefined
  return {
    isBusy: () => leases.progress().length > 0,
    async leave(patienceMs, signal) {
      leaving = true
      beats?.now()
      const giveUpAtMs = performance.now() + patienceMs
      while (leases.progress().length > 0 && performance.now() < giveUpAtMs && !signal.aborted)
        await sleep(leaveLookMs)
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** Resolves when both have; null when there is neither. */
function both(one: Promise<void> | null, other: Promise<void> | null): Promise<void> | null {
  return one && other ? Promise.all([one, other]).then(() => undefined) : (one ?? other)
}

/** A node without a place to write works all the same. */
async function openDisk(
  { cacheFolder, log }: AgentOptions,
  quotaBytes: number,
): Promise<{ readonly disk?: BlockStore; readonly trouble: string | null }> {
  if (cacheFolder === undefined) return { trouble: null }
  try {
    return { disk: await openBlockStore({ folder: cacheFolder, quotaBytes, log }), trouble: null }
  } catch (error) {
    log.warn('media is not kept on this disk', { folder: cacheFolder, error })
    return { trouble: troubleOf(cacheFolder, error) }
  }
}
