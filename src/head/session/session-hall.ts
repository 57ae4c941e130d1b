import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { EndedReport, LeaseProgress } from '../../cluster/messages.ts'
import { segmentSeconds } from '../../media/timeline.ts'
import { demandOf } from '../../placement/demand.ts'
import type { PowerSession } from '../../placement/power/power-view.ts'
import type { Platform } from '../../platforms/platform.ts'
import type { SessionPolicy } from '../../session/spec.ts'
import { createBufferTidy } from '../buffer-tidy.ts'
import type { LeaseBook } from '../data/lease-book.ts'
import { createStaging } from '../data/staging.ts'
import { canWork, type Fleet } from '../fleet.ts'
import type { BootClock } from '../join/boot-clock.ts'
import type { FormerSessions } from '../memory/former-sessions.ts'
import { rememberSession } from '../memory/remember-session.ts'
import type { PowerDesk } from '../power/power-desk.ts'
import type { FirstResponder } from '../responder/first-responder.ts'
import type { TrustKeeper } from '../trust/trust-keeper.ts'
import { createTurnstile } from '../turnstile.ts'
import type { Admissions, OverloadPolicy } from './admissions.ts'
import { type AwaitedNodes, awaitNodes } from './awaited-nodes.ts'
import { type Chronicle, createChronicle } from './chronicle/chronicle.ts'
import { whyNode } from './chronicle/why-node.ts'
import { type CarriedLease, createLeaseCarrier, type LeaseCarrier } from './lease-carrier.ts'
import { createLeaseTrust, type LeaseTrust } from './lease-trust.ts'
import type { LiveSession } from './live-session.ts'
import { meteredCarrier } from './metered-carrier.ts'
import { observeSpeed } from './observe-speed.ts'
import { openRoom } from './room.ts'
import { startLiveSession } from './running-session.ts'
import { secondsMade } from './seconds-made.ts'
import type { SessionOrder } from './session-order.ts'
import { offersOf, reachOf, type SessionPlatform, sessionPlatform, waysOfLeases } from './session-platform.ts'
import { createShareOut } from './share-out.ts'
import { newWays, type SessionTally, wayName } from './tally.ts'

export interface RunningEntry {
  readonly title: string
  /** Cores of the reference machine that keep it in real time; see demandOf. */
  readonly demand: number
  readonly startedMs: number
  readonly session: LiveSession
  readonly about: SessionAbout
  readonly chronicle: Chronicle
}

/** Of a session, what does not change. */
export type SessionAbout = Pick<SessionOrder, 'title' | 'mode' | 'plan' | 'dialect' | 'received'>

/** A session that is over: what `paceline status` and a demonstration can still say of it. */
export interface EndedEntry {
  readonly id: string
  readonly title: string
  readonly ranMs: number
  readonly tally: SessionTally
  readonly about: SessionAbout
  readonly chronicle: Chronicle
}

/** All sessions that are being carried out, and the nodes shared out among them. */
export interface SessionHall {
  /** Whether a stream may begin now, and as what; see Admissions. */
  readonly admit: Admissions['admit']
  readonly overload: Pick<Admissions, 'waiting' | 'choices'>
  start(order: SessionOrder): Promise<LiveSession>
  running(): readonly RunningEntry[]
  /** The last {@link mostEnded} that ended, newest last. */
  recent(): readonly EndedEntry[]
  /** A session failed, and the media server's own transcoder goes on with it. */
  wentLocal(id: string): void
  /** Nodes came or went. */
  shareOut(): void
  nodeLost(node: string): void
  leaseEnded(report: EndedReport): void
  /** How far a node says that its leases are. */
  progress(node: string, leases: readonly LeaseProgress[]): void
  isCarried(attempt: string): boolean
  /** How many leases a node has. */
  leasesOf(node: string): number
  /** By node: for each of its leases, the session that it is of. */
  carried(): ReadonlyMap<string, readonly string[]>
  /** Cores of the reference machine that a node is worth, where it has been measured. */
  capacityOf(node: string): number | undefined
  /** The record has been lost: writes down again what is running. */
  recordAgain(): void
  close(): Promise<void>
}

/** Often enough for a stream that falls behind with some seconds in hand. */
const shareOutEveryMs = 1_000

/** Segments that are being put together and sent; others wait on the disk. A media server that hangs keeps nobody. */
const publicationsInside = { mostBytes: 24 * 1024 * 1024, patienceMs: 1_000 }

/** More than anybody asks about; each holds a few bytes for every segment. */
const mostEnded = 20

export interface SessionHallOptions {
  readonly fleet: Fleet
  readonly leases: LeaseBook
  readonly stagingFolder: string
  readonly now: () => number
  readonly record: SessionRecord
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** How leases are dealt out; the usual way unless told. */
  readonly policy?: SessionPolicy
  /** Of Paceline, and the run of the machine. */
  readonly release: string
  readonly clock: BootClock
  /** The head's own machine, for sessions that no other node can work for. */
  readonly responder?: Pick<FirstResponder, 'call' | 'isComing'>
  /** For streams that nodes cannot carry beside those that play; `share` unless told. */
  readonly overload?: OverloadPolicy
  /** Streams of an earlier head that may come back have their room kept. */
  readonly former?: Pick<FormerSessions, 'demands'>
  /** Who is trusted with what, over all sessions; all with everything unless told. */
  readonly trust?: TrustKeeper
  /** Who is awake; all that are there work unless told. */
  readonly power?: Pick<
    PowerDesk,
    'isActive' | 'decide' | 'admissible' | 'sessionBegan' | 'sessionEnded' | 'comingSeconds'
  >
  /** Something is different in a session, in that segment of it where one is named; called often. */
  readonly onSession?: (id: string, segment?: number) => void
  /** A session is over. */
  readonly onEnded?: (entry: EndedEntry) => void
}

/** Where sessions and leases are written down; nobody waits for it. */
export interface SessionRecord {
  session(id: string, state: { readonly title: string; readonly firstSegment: number } | null): void
  lease(lease: CarriedLease, session: string, ended: boolean): void
}

interface Entry extends RunningEntry {
  readonly carrier: LeaseCarrier
  readonly platforms: () => readonly Platform[]
  readonly wayOf: SessionPlatform['wayOf']
  /** Nodes that had leases of an earlier head's, while they have time to come back. */
  readonly awaited: AwaitedNodes | null
  readonly trust: LeaseTrust | undefined
  readonly mode: SessionOrder['mode']
}

/** A hall without sessions. It starts nothing by itself: the fleet's changes, nodes' losses and reports have to be told to it. */
export function createSessionHall(options: SessionHallOptions): SessionHall {
  const { fleet, leases, now, record, log } = options
  const tidy = createBufferTidy({ now })
  const publications = createTurnstile(publicationsInside)
  const boot = randomBytes(6).toString('hex')
  const entries = new Map<string, Entry>()
  const ended: EndedEntry[] = []
  let counter = 0

  const remember = ({ title, startedMs, session, about, chronicle }: Entry): void => {
    const entry = { id: session.id, title, ranMs: now() - startedMs, tally: session.tally, about, chronicle }
    ended.push(entry)
    options.onEnded?.(entry)
    if (ended.length > mostEnded) ended.shift()
  }

  const { meter, admissions, workers } = openRoom({
    ...{ fleet, now, log, overload: options.overload, former: options.former },
    entries: () => entries.values(),
    admissible: () => options.power?.admissible() ?? null,
  })

  const sharing = createShareOut({
    ...{ fleet, workers, entries, responder: options.responder },
    isAnyKeptOff: () => options.trust?.anyKeptOff ?? false,
    power: () => options.power?.decide([...entries.values()].map((entry) => needOf(entry, now()))) ?? null,
  })
  const { shareOut } = sharing
  /** Leads change by themselves, so that nodes are shared out again and again while there is a choice. */
  const turns = setInterval(() => {
    if (entries.size > 1 || (entries.size === 1 && workers().length > 1)) shareOut()
  }, shareOutEveryMs)
  turns.unref()

  const start = async (order: SessionOrder): Promise<LiveSession> => {
    const { plan, mode, output, fonts = [], past } = order
    const attemptPrefix = `${boot}-${counter++}`
    const id = past?.id ?? attemptPrefix
    const staging = past?.staging ?? createStaging(join(options.stagingFolder, id))
    const trust = options.trust && createLeaseTrust(options.trust, id, plan)
    const platform = sessionPlatform({
      ...{ plan, mode, before: past?.look ?? null },
      ...(trust && { mayPicture: trust.mayPicture }),
    })
    const platforms = () => platform.choose(offersOf(fleet.nodes().filter(canWork)))
    const wayOf = (node: string) => {
      const offering = fleet.node(node)
      return offering ? platform.wayOf(offering) : null
    }
    const candidates = () => fleet.nodes().filter((node) => session.nodeIds.includes(node.id))
    const demand = demandOf(plan, order.source)
    const chronicle = createChronicle({
      firstSegment: past?.stand.next ?? plan.timeline.firstSegment,
      wallNow: Date.now,
      onChange: (segment) => options.onSession?.(id, segment),
    })
    const inner = createLeaseCarrier({
      ...{ fleet, leases, inputs: order.inputs, now, wayOf: platform.wayOf },
      onGranted(lease, { action, args }) {
        record.lease(lease, id, false)
        const why = args ? whyNode(action, candidates()) : 'an earlier head gave it this lease'
        chronicle.granted(lease, { to: action.to, args: args ?? [], why })
      },
      onClosed: (lease, report) => {
        record.lease(lease, id, true)
        chronicle.closed(lease, report)
        if (!report) return
        observeSpeed(fleet, plan, lease, report, now())
        trust?.ended(lease, report)
      },
      onNotBegun(lease, reason) {
        trust?.notBegun(lease, reason)
        chronicle.notBegun(lease, reason)
      },
    })
    const carrier = meteredCarrier(inner, meter, { demand, now })
    const folder = options.stagingFolder
    const onFull = (isFull: boolean) => {
      if (isFull) log.warn({ code: 'E_DISK_FULL', folder, session: id }, 'no room: nodes keep what they make')
      else log.info({ folder, session: id }, 'there is room again: nodes deliver')
    }
    const memory = rememberSession(options, order, {
      ...{ id, demand },
      crew: () => ({
        platforms: platforms().map(({ name }) => name),
        look: platform.look,
        ways: waysOfLeases(carrier.all()),
        parts: session.crew(),
      }),
    })
    const isNewWay = newWays()
    const session: LiveSession = startLiveSession({
      ...{
        id,
        plan,
        mode,
        attemptPrefix,
        staging,
        carrier,
        output,
        fonts,
        now,
        onFull,
        past,
        memory,
        trust,
        chronicle,
      },
      ...(options.policy && { policy: options.policy }),
      ...{ handled: tidy.handled, publications },
      reach: ({ part, node, ...range }) =>
        part === 'video' ? reachOf(plan, fleet, wayOf(node), node, range) : range.to,
      hasOtherWay({ rung }) {
        if (rung === undefined) return false
        // The failed way may have been the last one with the look of the session.
        platforms()
        return fleet.nodes().some((node) => canWork(node) && platform.wayOf(node) !== null)
      },
      isNodeComing: () =>
        sharing.isInTurn(id) ||
        (options.responder?.isComing() ?? false) ||
        (options.power?.isActive === true && canWaitFor(options.power.comingSeconds(), session.player())),
      onThrottle: shareOut,
      onArrived(lease, segment) {
        const seconds = lease.part === 'video' ? segmentSeconds(plan.timeline, segment) : 0
        if (lease.part === 'video') meter.arrived(lease.attempt, segment, seconds, now())
        chronicle.arrived(lease, segment, seconds)
        const way = wayName(lease)
        if (lease.part === 'video' && isNewWay(lease.nodeName, way))
          log.info({ session: id, node: lease.nodeName, way, segment }, 'a node makes pictures')
      },
    })
    const awaited = past ? awaitNodes({ session, fleet, onPatienceOver: shareOut }) : null
    const about = aboutOf(order)
    const base = { title: order.title, startedMs: now(), mode, demand, about, chronicle }
    const entry = { ...base, session, carrier, platforms, wayOf: platform.wayOf, awaited, trust }
    admissions.begun(plan)
    entries.set(id, entry)
    record.session(id, { title: order.title, firstSegment: plan.timeline.firstSegment })
    log.info(
      { session: id, dialect: order.dialect ?? 'paceline', mode, shim: order.shim },
      'a session begins',
    )
    if (mode === 'stream') options.power?.sessionBegan()
    void session.ended.then((end) => {
      chronicle.over(end)
      const { publishedSegments, hedges } = session.tally
      log.info({ session: id, ...end, publishedSegments, hedges }, 'a session is over')
      entries.delete(id)
      if (mode === 'stream') options.power?.sessionEnded((now() - entry.startedMs) / 1000)
      awaited?.stop()
      remember(entry)
      options.onSession?.(id)
      record.session(id, null)
      trust?.close()
      shareOut()
    })
    shareOut()
    return session
  }

  return {
    start,
    admit: admissions.admit,
    overload: admissions,
    running: () => [...entries.values()],
    recent: () => ended,
    wentLocal: (id) => (entries.get(id) ?? ended.find((entry) => entry.id === id))?.chronicle.wentLocal(),
    shareOut,
    nodeLost(node) {
      for (const { session } of entries.values()) session.nodeLost(node)
    },
    leaseEnded(report) {
      // Attempts can be guessed: only the node that holds a lease can end it.
      const entry = [...entries.values()].find(
        ({ carrier }) => carrier.lease(report.attempt)?.node === report.node,
      )
      entry?.session.leaseEnded(report)
    },
    progress(node, leases) {
      for (const { session, carrier } of entries.values()) {
        for (const { attempt, frames } of leases) {
          const lease = carrier.lease(attempt)
          const seconds = lease?.node === node ? secondsMade(session.plan, lease, frames) : undefined
          if (seconds !== undefined) session.progress(attempt, seconds)
        }
      }
    },
    isCarried: (attempt) => [...entries.values()].some(({ carrier }) => carrier.lease(attempt) !== undefined),
    leasesOf: (node) =>
      [...entries.values()].flatMap(({ carrier }) => carrier.all()).filter((lease) => lease.node === node)
        .length,
    carried() {
      const carried = new Map<string, string[]>()
      for (const [id, { carrier }] of entries)
        for (const { node } of carrier.all()) carried.set(node, [...(carried.get(node) ?? []), id])
      return carried
    },
    capacityOf: (node) => meter.capacityOf(node),
    recordAgain() {
      for (const { title, session, carrier } of entries.values()) {
        record.session(session.id, { title, firstSegment: session.plan.timeline.firstSegment })
        for (const lease of carrier.all()) record.lease(lease, session.id, false)
      }
    },
    async close() {
      clearInterval(turns)
      const all = [...entries.values()]
      for (const { session } of all) session.kill()
      await Promise.all(all.map(({ session }) => session.ended))
    },
  }
}

/** Sharing out follows the beginning at once, but for what reading a clock twice takes. */
const justBegunSeconds = 0.1

/** What a session needs, as the power policy wants to know it. */
function needOf({ session, platforms, demand, startedMs }: Entry, nowMs: number): PowerSession {
  const ageSeconds = (nowMs - startedMs) / 1000
  const { leadSeconds, isPaused } = session.player()
  return {
    ...{ id: session.id, platforms: platforms().map(({ name }) => name), demand, leadSeconds },
    ageSeconds: ageSeconds < justBegunSeconds ? 0 : ageSeconds,
    isResting: isPaused,
  }
}

/** Whether a player that has so much in hand gets by until a node has woken; one that is paused needs nobody. */
function canWaitFor(
  comingSeconds: number | null,
  { leadSeconds, isPaused }: { readonly leadSeconds: number; readonly isPaused: boolean },
): boolean {
  return isPaused || (comingSeconds !== null && leadSeconds > comingSeconds)
}

function aboutOf({ title, mode, plan, dialect, received }: SessionOrder): SessionAbout {
  return { title, mode, plan, ...(dialect && { dialect }), ...(received && { received }) }
}
