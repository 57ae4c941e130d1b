import type { Logger } from 'pino'
import type { Beat } from '../../cluster/messages.ts'
import { PacelineError } from '../../errors.ts'
import type { AdmissionNode } from '../../placement/admission.ts'
import { admissibleNodes } from '../../placement/power/admissible.ts'
import { LearnedWatts, type WattsReading } from '../../placement/power/learned-watts.ts'
import { isAwake } from '../../placement/power/node-life.ts'
import { PowerPolicy } from '../../placement/power/power-policy.ts'
import type { PowerDecision, PowerSession, PowerView } from '../../placement/power/power-view.ts'
import type { PowerSettings } from '../../power/power-settings.ts'
import type { Fleet } from '../fleet.ts'
import type { FirstResponder } from '../responder/first-responder.ts'
import { openDriver } from './agent-power.ts'
import type { HouseClock } from './house-clock.ts'
import { NodeKeeper } from './node-keeper.ts'
import type { PowerMemory, PowerMemoryFile } from './power-memory.ts'
import type { NodePower, PowerOverview } from './power-state.ts'
import { type KnownNode, keptOf, nodePowerOf, type ViewSources, viewOf } from './power-view.ts'

/** Who works now, as far as power has a word in it. */
export interface PowerShare {
  /** Whether a node may be given work. */
  mayWork(node: string): boolean
  /** Sessions that the first responder makes now, by id. */
  readonly bridged: ReadonlySet<string>
}

/** Switches nodes as they are needed, and says who may work meanwhile. */
export interface PowerDesk extends PowerOverview {
  /** Whether any node is switched. */
  readonly isActive: boolean
  /** To be asked whenever nodes are shared out; null where power has no word in it. Wakes and puts to sleep besides. */
  decide(sessions: readonly PowerSession[]): PowerShare | null
  /** Nodes that could carry streams if they were asked to, asleep or not; null where none is switched. */
  admissible(): readonly AdmissionNode[] | null
  /** A viewer has begun, or one has gone after so many seconds. */
  sessionBegan(): void
  sessionEnded(seconds: number): void
  /** A beat has come that counts. */
  heard(beat: Beat): void
  /** Nodes came or went. */
  look(): void
  /** It is there, and must be given nothing: it is on its way to sleep. */
  isLeaving(node: string): boolean
  /** Whether a node that sleeps could be woken for somebody. */
  canWake(): boolean
  /** Seconds until the next node that wakes is expected; null while none does. */
  comingSeconds(): number | null
  /**
   * By name or id, for people. Wakes it, and keeps it awake for so long.
   *
   * @throws PacelineError E_NODE_NAME, E_NODE_UNSWITCHED
   */
  wake(which: string, keepSeconds: number): NodePower
  /** As {@link wake}; 0 seconds: no longer than others. */
  keep(which: string, seconds: number): NodePower
  /**
   * Puts it to sleep as soon as what it has in hand is handed over.
   *
   * @throws PacelineError as `wake`, and E_LAST_NODE when it works and nobody else could go on, unless that is forced
   */
  sleep(which: string, force: boolean): NodePower
  /** Watts of a node while it was busy to that share; see LearnedWatts. */
  read(node: string, reading: WattsReading): void
  close(): Promise<void>
}

export interface PowerDeskOptions {
  readonly settings: PowerSettings
  readonly memory: PowerMemoryFile
  readonly fleet: Pick<Fleet, 'nodes' | 'node' | 'order' | 'awayMs'>
  readonly responder: Pick<FirstResponder, 'state' | 'call'>
  readonly responderId: string | undefined
  /** Everybody who was let in. */
  readonly known: () => readonly KnownNode[]
  /** A person wants it to do nothing; its power is left as it is. */
  readonly isDrained: (name: string) => boolean
  /** Leases that the head has with a node. */
  readonly leasesOf: (node: string) => number
  /** Cores of the reference machine, where they have been measured. */
  readonly capacityOf: (node: string) => number | undefined
  /** Who may be given work may have changed: nodes are to be shared out again. */
  readonly onChange: () => void
  readonly clock: HouseClock
  readonly log: Logger
}

/** Nodes come back to a head that starts within so long; who does not is off. */
const startGraceMs = 15_000
/** After a time in which nobody could be heard, so much passes before silence means something. */
const thawMs = 5_000
const tickMs = 1_000
/** The first responder is called again before it goes by itself. */
const responderCallMs = 60_000
/** Timers go no further than some weeks. */
const longestLookMs = 3_600_000
/** The last node goes when the first responder is there to begin with somebody. */
const responderLookMs = 500

/** Power as the last head left it. Nothing is switched before it is asked. */
export function createPowerDesk(options: PowerDeskOptions): PowerDesk {
  const { settings, memory, fleet, responder, clock, log } = options
  const { nowMs } = clock
  const keepers = new Map<string, NodeKeeper>()
  const offers = new Map<string, PowerMemory['nodes'][string]>()
  const learned = new LearnedWatts()
  const listeners = new Set<() => void>()
  const startedMs = nowMs()
  let deafMs = Number.NEGATIVE_INFINITY
  let calledMs = Number.NEGATIVE_INFINITY
  let isDue = false
  let isClosed = false
  let nextLook: NodeJS.Timeout | undefined

  for (const [name, kept] of Object.entries(memory.past.nodes)) offers.set(name, kept)
  const policy = new PowerPolicy(settings.rules, nowMs(), memory.past.policy ?? undefined)

  const remember = () => memory.touch(() => ({ nodes: Object.fromEntries(offers), policy: policy.memory() }))
  /** Once at this moment, however much has changed. */
  const changed = (isOther: boolean): void => {
    if (isClosed) return
    remember()
    if (isOther) options.onChange()
    if (isDue) return
    isDue = true
    setImmediate(() => {
      isDue = false
      for (const listener of listeners) listener()
    })
  }
  const keeperOf = ({ id, name }: KnownNode): NodeKeeper => {
    const there = keepers.get(name)
    if (there) return there
    const own = settings.nodes.get(name) ?? null
    const driver = own?.driver ? openDriver(own.driver, { id, isDry: settings.dryRun, fleet }) : null
    const keeper: NodeKeeper = new NodeKeeper({
      ...{ name, settings: own, nowMs, log, past: offers.get(name) },
      driver: driver?.driver ?? null,
      isDry: driver?.isDry ?? false,
      onChange: (isOther) => {
        offers.set(name, keptOf(keeper, offers.get(name), fleet.node(id), options.capacityOf(id)))
        // Not in the middle of a decision.
        if (isOther) setImmediate(() => changed(true))
        else changed(false)
      },
    })
    keepers.set(name, keeper)
    return keeper
  }
  const known = (): (KnownNode & { readonly keeper: NodeKeeper })[] =>
    options
      .known()
      .filter(({ id }) => id !== options.responderId)
      .map((node) => ({ ...node, keeper: keeperOf(node) }))
  const find = (which: string) => {
    const node = known().find(({ id, name }) => id === which || name === which)
    if (!node) throw new PacelineError('E_NODE_NAME', which)
    if (node.keeper.driverName === null) throw new PacelineError('E_NODE_UNSWITCHED', node.name)
    return node
  }
  const switched = () => known().filter(({ keeper }) => keeper.isSwitched)
  const isActive = [...settings.nodes.values()].some(({ driver }) => driver !== null)
  const isSwitching = isActive && !settings.dryRun
  const sources: ViewSources = {
    ...{ settings, fleet, responder, clock, learned, offers },
    ...{ responderId: options.responderId, isDrained: options.isDrained, capacityOf: options.capacityOf },
  }
  const view = (sessions: readonly PowerSession[]): PowerView => viewOf(sources, known(), sessions)
  const shown = (node: ReturnType<typeof known>[number]) => nodePowerOf(node, node.keeper, learned)

  const listen = (): void => {
    for (const { id, keeper } of known()) {
      const node = fleet.node(id)
      if (!node || !isAwake(keeper.life)) continue
      const leases = Math.max(node.beat.leases.length, options.leasesOf(id))
      keeper.heard({ ...node.beat, leases })
    }
  }
  const others = (id: string) =>
    fleet.nodes().filter((node) => node.id !== id && !node.firstResponder && !node.draining)

  /** Whether somebody is there to begin with the next viewer when this node has gone. */
  const mayGo = (id: string): boolean => {
    const state = responder.state()
    if (others(id).length > 0 || state === 'off' || state === 'failed' || state === 'ready') return true
    responder.call()
    return false
  }
  const carryOut = ({ wake, sleep, nextLookMs }: PowerDecision, hasViewers: boolean): void => {
    const now = nowMs()
    const kept = new Set<string>()
    let soon = nextLookMs
    const nodes = known()
    for (const { id, keeper } of nodes) {
      if (keeper.keptUntilMs === null) continue
      kept.add(id)
      keeper.wake('kept-warm')
    }
    for (const { id, keeper } of nodes) {
      if (wake.includes(id) && !keeper.isSentToSleep) keeper.wake(hasViewers ? 'needed' : 'kept-warm')
      if (!sleep.includes(id) || kept.has(id)) continue
      if (!keeper.isSwitched || mayGo(id)) keeper.sleep('not-needed')
      else soon = Math.min(soon ?? Number.POSITIVE_INFINITY, now + responderLookMs)
    }
    clearTimeout(nextLook)
    if (soon === null || isClosed) return
    nextLook = setTimeout(options.onChange, Math.min(Math.max(1, soon - now), longestLookMs))
    nextLook.unref()
  }
  /** Its process takes a second to come, which a viewer should not have to wait while everybody sleeps. */
  const holdResponder = (): void => {
    if (!isSwitching || others('').length > 0 || nowMs() - calledMs < responderCallMs) return
    calledMs = nowMs()
    responder.call()
  }
  const tick = setInterval(() => {
    if (fleet.awayMs() > 0) deafMs = nowMs()
    if (nowMs() - deafMs < thawMs) return
    for (const { id, keeper } of known()) {
      const isMissed = !keeper.isHeard && nowMs() - startedMs > startGraceMs
      const { phase } = keeper.life
      if (isMissed && phase !== 'off' && phase !== 'waking' && phase !== 'failed' && !fleet.node(id))
        keeper.gone()
      keeper.tick()
    }
    holdResponder()
  }, tickMs)
  tick.unref()

  return {
    isActive,
    isDryRun: settings.dryRun,
    nowMs,
    nodes: () => known().map(shown),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    decide(sessions) {
      if (!isActive || isClosed) return null
      listen()
      const decision = policy.decide(view(sessions), nowMs())
      carryOut(
        decision,
        sessions.some(({ isResting }) => !isResting),
      )
      const unswitched = new Set(known().flatMap(({ id, keeper }) => (keeper.isSwitched ? [] : [id])))
      const working = new Set(decision.working)
      return {
        mayWork: (node) => working.has(node) || unswitched.has(node),
        bridged: new Set(isSwitching ? decision.bridge : []),
      }
    },
    admissible: () => (isSwitching ? admissibleNodes(view([]), settings.rules) : null),
    sessionBegan() {
      policy.sessionBegan(nowMs(), clock.weekMinute())
      remember()
    },
    sessionEnded(seconds) {
      policy.sessionEnded(seconds)
      remember()
    },
    heard(beat) {
      const node = known().find(({ id }) => id === beat.node)
      const leases = Math.max(beat.leases.length, options.leasesOf(beat.node))
      node?.keeper.heard({ ...beat, leases })
    },
    look() {
      for (const { id, keeper } of known()) if (keeper.isHeard && !fleet.node(id)) keeper.gone()
      holdResponder()
    },
    isLeaving: (id) => [...keepers.values()].length > 0 && (keeperWith(id)?.isLeaving ?? false),
    canWake: () => switched().some(({ keeper }) => keeper.life.phase !== 'failed'),
    comingSeconds() {
      const times = switched().flatMap(({ keeper }) => keeper.wakeExpectedAtMs ?? [])
      return times.length === 0 ? null : Math.max(0, Math.min(...times) - nowMs()) / 1000
    },
    wake(which, keepSeconds) {
      const node = find(which)
      node.keeper.keep(keepSeconds > 0 ? nowMs() + keepSeconds * 1000 : null)
      node.keeper.wake('by-hand')
      return shown(node)
    },
    keep(which, keepSeconds) {
      const node = find(which)
      node.keeper.keep(keepSeconds > 0 ? nowMs() + keepSeconds * 1000 : null)
      if (keepSeconds > 0) node.keeper.wake('by-hand')
      return shown(node)
    },
    sleep(which, force) {
      const node = find(which)
      const isLast = options.leasesOf(node.id) > 0 && others(node.id).length === 0
      if (isLast && !force) throw new PacelineError('E_LAST_NODE', node.name)
      node.keeper.keep(null)
      node.keeper.sleep('by-hand')
      return shown(node)
    },
    read: (node, reading) => learned.read(node, reading),
    async close() {
      isClosed = true
      clearInterval(tick)
      clearTimeout(nextLook)
      await Promise.all([...keepers.values()].map((keeper) => keeper.close()))
      await memory.close()
    },
  }

  function keeperWith(id: string): NodeKeeper | undefined {
    const name = options.known().find((node) => node.id === id)?.name
    return name === undefined ? undefined : keepers.get(name)
  }
}
