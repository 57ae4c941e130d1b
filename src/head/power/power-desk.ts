import type { Logger } from 'pino'
import type { Beat } from '../../cluster/messages.ts'
import { PacelineError } from '../../errors.ts'
import type { AdmissionNode } from '../../placement/admission.ts'
import { admissibleNodes } from '../../placement/power/admissible.ts'
import { LearnedWatts, type WattsReading } from '../../placement/power/learned-watts.ts'
import { PowerPolicy } from '../../placement/power/power-policy.ts'
import { holdsFor } from '../../placement/power/power-rules.ts'
import type { PowerDecision, PowerSession } from '../../placement/power/power-view.ts'
import { settingsNotes } from '../../power/settings-notes.ts'
import { createExpectation } from './expectation.ts'
import { createForesight, type Foreseen } from './foresight.ts'
import type { HouseClock } from './house-clock.ts'
import { createKeepers, type KeepersOptions } from './keepers.ts'
import type { KeptLife } from './known-node.ts'
import type { PowerMemoryFile } from './power-memory.ts'
import type { NodePower, PowerOverview } from './power-state.ts'
import { nodePowerOf, viewOf, workJoules } from './power-view.ts'
import { createStandIn, type StandInOptions } from './stand-in.ts'

/** Who works now, as far as power has a word in it. */
export interface PowerShare {
  /** Whether a node may be given work. */
  mayWork(node: string): boolean
  /** Sessions that the first responder makes now, by id. */
  readonly bridged: ReadonlySet<string>
  /** By node: see PlacementNode. Not of those of which nothing is known. */
  readonly joulesPerWork: ReadonlyMap<string, number>
}

/** Switches nodes as they are needed, and says who may work meanwhile. */
export interface PowerDesk extends PowerOverview {
  /** Whether any node has a driver. */
  readonly isActive: boolean
  /** To be asked whenever nodes are shared out; null where power has no word in it. Wakes and puts to sleep besides. */
  decide(sessions: readonly PowerSession[]): PowerShare | null
  /** Nodes that could carry streams if they were asked to, asleep or not; null where none is switched. */
  admissible(): readonly AdmissionNode[] | null
  /** Somebody is about to begin, and pictures will have to be made for him: a node is woken while his film is looked at. */
  expect(): void
  /**
   * Somebody may be about to begin within so many seconds, as far as others can tell. While nobody watches a node is woken
   * as for a viewer: within the hours and the cap of the house, and not where the first responder would carry him.
   */
  foresee(seconds: number): Foreseen
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

export interface PowerDeskOptions
  extends Omit<KeepersOptions, 'past' | 'nowMs' | 'onChange' | 'fleet'>,
    Pick<StandInOptions, 'responder'> {
  readonly fleet: KeepersOptions['fleet'] & StandInOptions['fleet']
  readonly memory: PowerMemoryFile
  /** A person wants it to do nothing; its power is left as it is. */
  readonly isDrained: (name: string) => boolean
  /** Who may be given work may have changed: nodes are to be shared out again. */
  readonly onChange: () => void
  readonly clock: HouseClock
  readonly log: Logger
}

const tickMs = 1_000
/** Timers go no further than some weeks. */
const longestLookMs = 3_600_000

/** Power as the last head left it. Nothing is switched before it is asked. */
export function createPowerDesk(options: PowerDeskOptions): PowerDesk {
  const { settings, memory, clock } = options
  const { nowMs } = clock
  const learned = new LearnedWatts()
  const listeners = new Set<() => void>()
  const policy = new PowerPolicy(settings.rules, nowMs(), memory.past.policy ?? undefined)
  const isActive = [...settings.nodes.values()].some(({ driver }) => driver !== null)
  const isSwitching = isActive && !settings.dryRun
  const standIn = createStandIn(options)
  const expectation = createExpectation(nowMs)
  const foresight = createForesight(nowMs)
  let isTold = true
  let isClosed = false
  let nextLook: NodeJS.Timeout | undefined

  /** Where nobody is switched there is nothing that the next head would need. */
  const remember = () => isActive && memory.touch(() => ({ nodes: present(), policy: policy.memory() }))
  /** Those that were removed, and of which nothing is written either, are forgotten. */
  const present = () => {
    const names = new Set([...options.known().map(({ name }) => name), ...settings.nodes.keys()])
    return Object.fromEntries([...keepers.offers].filter(([name]) => names.has(name)))
  }
  /** Listeners are called once at this moment, however much has changed. */
  const changed = (isOther: boolean): void => {
    if (isClosed) return
    remember()
    if (isOther && isActive) options.onChange()
    if (!isTold) return
    isTold = false
    setImmediate(() => {
      isTold = true
      for (const listener of listeners) listener()
    })
  }
  const keepers = createKeepers({ ...options, past: memory.past.nodes, nowMs, onChange: changed })
  const sources = { ...options, learned, offers: keepers.offers }
  const view = (sessions: readonly PowerSession[]) => viewOf(sources, keepers.all(), sessions)
  const shown = (node: KeptLife) => nodePowerOf(node, node.keeper, learned)

  const carryOut = ({ wake, sleep, nextLookMs }: PowerDecision, hasViewers: boolean): void => {
    const soonestMs = [nextLookMs, expectation.endsMs(), foresight.endsMs()].filter((atMs) => atMs !== null)
    let soonMs = Math.min(...soonestMs, Number.POSITIVE_INFINITY)
    for (const { id, keeper } of keepers.all()) {
      const isKept = keeper.keptUntilMs !== null
      if (isKept) keeper.wake('kept-warm')
      else if (wake.includes(id) && !keeper.isSentToSleep) keeper.wake(hasViewers ? 'needed' : 'kept-warm')
      if (isKept || !sleep.includes(id)) continue
      const { staysUntilMs } = keeper
      if (staysUntilMs !== null) soonMs = Math.min(soonMs, staysUntilMs)
      else if (!keeper.isSwitched || standIn.mayGo(id)) keeper.sleep('not-needed')
      else soonMs = Math.min(soonMs, nowMs() + standIn.lookAgainMs)
    }
    clearTimeout(nextLook)
    if (soonMs === Number.POSITIVE_INFINITY || isClosed) return
    nextLook = setTimeout(options.onChange, Math.min(Math.max(1, soonMs - nowMs()), longestLookMs))
    nextLook.unref()
  }
  const keep = ({ keeper }: KeptLife, seconds: number) =>
    keeper.keep(seconds > 0 ? nowMs() + seconds * 1000 : null)
  const isMaintained = (node: KeptLife): boolean =>
    isSwitching && holdsFor(settings.rules.maintenance, node, clock.weekMinute())
  const holdStandIn = (): void => {
    if (isSwitching) standIn.hold(nowMs())
  }
  const tick = setInterval(() => {
    keepers.tick()
    holdStandIn()
  }, tickMs)
  tick.unref()

  if (isActive) introduce(options)
  return {
    isActive,
    nowMs,
    isDryRun: settings.dryRun,
    nodes: () => keepers.all().map(shown),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    decide(playing) {
      if (!isActive || isClosed) return null
      keepers.countLeases()
      if (playing.some(({ isResting }) => !isResting)) foresight.meet()
      const sessions = [...playing, ...expectation.sessions(), ...foresight.sessions()]
      const seen = view(sessions)
      const decision = policy.decide(seen, nowMs())
      carryOut(
        decision,
        sessions.some(({ isResting }) => !isResting),
      )
      const free = keepers.all().filter((node) => !node.keeper.isSwitched && !isMaintained(node))
      const working = new Set([...decision.working, ...free.map(({ id }) => id)])
      return {
        mayWork: (node) => working.has(node),
        bridged: new Set(isSwitching ? decision.bridge : []),
        joulesPerWork: workJoules(seen.nodes),
      }
    },
    admissible: () => (isSwitching ? admissibleNodes(view([]), settings.rules) : null),
    expect() {
      if (!isSwitching) return
      expectation.raise()
      options.onChange()
    },
    foresee(seconds) {
      if (!isSwitching) return { isTaken: false, seconds: 0 }
      const foreseen = foresight.sign(seconds)
      options.log.info(foreseen, 'somebody may be about to watch')
      options.onChange()
      return foreseen
    },
    sessionBegan() {
      expectation.meet()
      policy.sessionBegan(nowMs(), clock.weekMinute())
      remember()
    },
    sessionEnded(seconds) {
      policy.sessionEnded(seconds)
      remember()
    },
    heard: keepers.heard,
    look() {
      keepers.look()
      holdStandIn()
    },
    isLeaving: (node) => isSwitching && keepers.isLeaving(node),
    canWake: () => keepers.switched().some(({ keeper }) => keeper.life.phase !== 'failed'),
    comingSeconds() {
      const times = keepers.switched().flatMap(({ keeper }) => keeper.wakeExpectedAtMs ?? [])
      return times.length === 0 ? null : Math.max(0, Math.min(...times) - nowMs()) / 1000
    },
    wake(which, keepSeconds) {
      const node = keepers.find(which)
      keep(node, keepSeconds)
      node.keeper.wake('by-hand')
      return shown(node)
    },
    keep(which, seconds) {
      const node = keepers.find(which)
      keep(node, seconds)
      if (seconds > 0) node.keeper.wake('by-hand')
      return shown(node)
    },
    sleep(which, force) {
      const node = keepers.find(which)
      // It may have been given something a moment ago.
      keepers.countLeases()
      const isLast = options.leasesOf(node.id) > 0 && !standIn.hasOther(node.id)
      if (isLast && !force) throw new PacelineError('E_LAST_NODE', node.name)
      keep(node, 0)
      node.keeper.sleep('by-hand')
      return shown(node)
    },
    read: (node, reading) => learned.read(node, reading),
    async close() {
      isClosed = true
      clearInterval(tick)
      clearTimeout(nextLook)
      await keepers.close()
      await memory.close()
    },
  }
}

/** Says at the start who is switched, and whose name in the configuration nobody has. */
function introduce({ settings, known, log, responderId }: PowerDeskOptions): void {
  const { nodes, dryRun } = settings
  const names = [...nodes].flatMap(([name, { driver }]) => (driver === null ? [] : [name]))
  const strangers = names.filter((name) => !known().some((node) => node.name === name))
  log.info({ nodes: names, dryRun }, 'these nodes sleep while nobody needs them')
  if (strangers.length > 0)
    log.warn({ nodes: strangers }, 'the configuration has nodes that have not joined under these names')
  const joined = known().map(({ name }) => name)
  for (const note of settingsNotes(settings, joined, responderId !== undefined)) log.warn(note)
}
