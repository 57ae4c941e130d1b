import { ArrivalForecast, type ForecastMemory } from './arrival-forecast.ts'
import { bridgedOf, isBridgingInFlux } from './bridge.ts'
import { candidatesOf, groupsOf, isUp } from './candidates.ts'
import { budgetOf } from './cap-budget.ts'
import { idleSeconds } from './idle-time.ts'
import { KeptSet } from './kept-set.ts'
import { cycleJoules } from './power-profile.ts'
import { hasHours, holdsFor, type PowerRules, usualRules, warmWanted } from './power-rules.ts'
import type { PowerDecision, PowerNode, PowerView } from './power-view.ts'
import { type Candidate, type DemandGroup, leastWatts } from './serving.ts'
import { SessionLengths } from './session-lengths.ts'
import { Strain } from './strain.ts'
import { warmSet } from './warm-set.ts'

/** A node that is needed no more goes on for so long: somebody may have begun on it a moment ago, and needs may come back. */
const staysWorkingMs = 3_000
/** Streams that have just begun are weighed again as they go on. */
const leastHorizonSeconds = 60
const lookAgainMs = {
  atHours: 60_000,
  onResponder: 30_000,
  whileBridging: 1_000,
  whilePlaying: 600_000,
  whileExpecting: 600_000,
}

/** What it has learnt of viewers, to be kept while nobody looks. */
export interface PolicyMemory {
  readonly forecast: ForecastMemory
  /** Seconds for which sessions went on. */
  readonly lengths: readonly number[]
}

/**
 * Who is awake: the nodes that carry what plays with the least energy, those that have to be warm, and for a while those
 * that somebody may need again. It remembers how long sessions last, when they begin, and since when nobody has needed a
 * node; all else is in the view. It never looks ahead: what it expects it has seen before.
 */
export class PowerPolicy {
  readonly #rules: PowerRules
  readonly #lengths: SessionLengths
  readonly #forecast: ArrivalForecast
  readonly #strain = new Strain()
  readonly #kept = new KeptSet()
  /** Since when nobody has needed an awake node. */
  readonly #unneeded = new Map<string, number>()
  /** Until when a node that has worked goes on with it, though nobody needs it. */
  readonly #leaving = new Map<string, number>()
  #working: readonly string[] = []
  #wanted: ReadonlySet<string> = new Set()
  /** With those that wait for the first responder. */
  #bridged: ReadonlySet<string> = new Set()

  constructor(rules: PowerRules = usualRules, nowMs = 0, past?: PolicyMemory) {
    this.#rules = rules
    this.#forecast = new ArrivalForecast(nowMs, past?.forecast)
    this.#lengths = new SessionLengths(past?.lengths)
  }

  memory(): PolicyMemory {
    return { forecast: this.#forecast.memory(), lengths: this.#lengths.memory() }
  }

  /** A viewer has begun. */
  sessionBegan(nowMs: number, weekMinute: number): void {
    this.#forecast.arrived(nowMs, weekMinute)
  }

  sessionEnded(seconds: number): void {
    this.#lengths.ended(seconds)
  }

  /** To be asked whenever something has changed, and at `nextLookMs`. */
  decide(seen: PowerView, nowMs: number): PowerDecision {
    const view = { ...seen, sessions: this.#strain.felt(seen.sessions) }
    const { nodes, weekMinute } = view
    const usable = nodes.filter((node) => !holdsFor(this.#rules.maintenance, node, weekMinute))
    const groups = groupsOf(view, this.#rules.margin)
    const budget = budgetOf(view, this.#rules, this.#bridged.size > 0)
    const free = usable.filter((node) => isUp(node) || this.#mayWake(node, view, nowMs))
    const warmFirst = new Set(this.#warm(free, view, budget, this.#wanted))
    const candidates = candidatesOf(free, groups, budget, warmFirst)
    const set = this.#kept.find({
      ...{ groups, candidates, present: this.#wanted, capWatts: budget.leftWatts },
      horizonSeconds: this.#horizonSeconds(view),
    })
    const wanted = new Set(set.map(({ id }) => id))
    this.#wanted = wanted
    const left = set.reduce((rest, { mostWatts }) => rest - mostWatts, budget.leftWatts)
    const warm = new Set(this.#warm(free, view, { ...budget, leftWatts: left }, wanted))
    const warmWatts = free
      .filter(({ id }) => warm.has(id) && !wanted.has(id))
      .reduce((total, node) => total + budget.addedIdle(node), 0)
    const { working: now, leftWatts } = workingOf(usable, wanted, groups, candidates, left - warmWatts)
    const working = groups.length > 0 ? this.#withLeaving(now, usable, nowMs) : now
    this.#working = working
    const needed = new Set([...wanted, ...warm, ...working])
    const mayBridge = budget.countsResponder || leftWatts >= (view.responder?.addedWatts ?? 0)
    const bridge = mayBridge ? bridgedOf(view, working, this.#bridged) : { now: [], all: [] }
    this.#bridged = new Set(bridge.all)
    const wake = free.filter(({ id, phase }) => (wanted.has(id) || warm.has(id)) && !isOn(phase))
    const sleep = this.#sleepers(usable, needed, view, nowMs)
    return {
      ...{ working, bridge: bridge.now },
      wake: wake.map(({ id }) => id),
      sleep: sleep.map(({ id }) => id),
      nextLookMs: this.#nextLookMs(view, groups, set, nowMs),
    }
  }

  #withLeaving(working: readonly string[], usable: readonly PowerNode[], nowMs: number): readonly string[] {
    const kept = new Set(working)
    for (const id of kept) this.#leaving.delete(id)
    const awake = new Set(usable.filter(isAwake).map(({ id }) => id))
    for (const id of this.#working) {
      if (!kept.has(id) && !this.#leaving.has(id)) this.#leaving.set(id, nowMs + staysWorkingMs)
    }
    for (const [id, untilMs] of this.#leaving) {
      if (!awake.has(id) || untilMs <= nowMs) this.#leaving.delete(id)
    }
    return this.#leaving.size === 0 ? working : [...working, ...this.#leaving.keys()]
  }

  #mayWake(node: PowerNode, { weekMinute }: PowerView, nowMs: number): boolean {
    const { phase, sinceMs } = node
    if (phase === 'failed' || holdsFor(this.#rules.quiet, node, weekMinute)) return false
    return phase !== 'off' || nowMs - sinceMs >= this.#rules.minOffSeconds * 1000
  }

  #warm(
    free: readonly PowerNode[],
    { weekMinute, responder }: PowerView,
    budget: ReturnType<typeof budgetOf>,
    wanted: ReadonlySet<string>,
  ): string[] {
    const count = Math.max(warmWanted(this.#rules, weekMinute), responder ? 0 : this.#rules.startSet)
    if (count === 0) return []
    const asWarm = free.map((node) => ({
      ...{
        id: node.id,
        idleWatts: node.profile.idleWatts,
        isAwake: isUp(node),
        isWanted: wanted.has(node.id),
      },
      wakeJoules: cycleJoules(node.profile),
      addedWatts: budget.addedIdle(node),
    }))
    return warmSet(asWarm, count, budget.leftWatts)
  }

  /** How long what plays may be expected to go on, at the mean. */
  #horizonSeconds({ sessions }: PowerView): number {
    const playing = sessions.filter(({ isResting }) => !isResting)
    if (playing.length === 0) return leastHorizonSeconds
    const total = playing.reduce((sum, { ageSeconds }) => sum + this.#lengths.expectedRest(ageSeconds), 0)
    return Math.max(leastHorizonSeconds, total / playing.length)
  }

  #sleepers(
    usable: readonly PowerNode[],
    needed: ReadonlySet<string>,
    view: PowerView,
    nowMs: number,
  ): PowerNode[] {
    const spare = usable.filter(({ id, phase }) => isOn(phase) && phase !== 'waking' && !needed.has(id))
    const kept = new Set(spare.map(({ id }) => id))
    for (const id of this.#unneeded.keys()) if (!kept.has(id)) this.#unneeded.delete(id)
    for (const id of kept) if (!this.#unneeded.has(id)) this.#unneeded.set(id, nowMs)
    const sparingFirst = spare.toSorted((a, b) => a.profile.idleWatts - b.profile.idleWatts)
    return sparingFirst.filter((node, index) => nowMs >= this.#sleepAtMs(node, index === 0, view, nowMs))
  }

  /** When a node that nobody needs may sleep. Only the first of them is what the next viewer would find. */
  #sleepAtMs(node: PowerNode, isFirst: boolean, view: PowerView, nowMs: number): number {
    const { id, profile, sinceMs } = node
    const { weekMinute, responder } = view
    const isQuiet = holdsFor(this.#rules.quiet, node, weekMinute)
    const perHour = isFirst ? this.#forecast.perHour(nowMs, weekMinute) : 0
    const bridgeJoules = (responder?.addedWatts ?? 0) * profile.wakeSeconds
    const idle = isQuiet ? 0 : idleSeconds(profile, perHour, bridgeJoules)
    const unneededMs = this.#unneeded.get(id) ?? nowMs
    return Math.max(unneededMs + idle * 1000, sinceMs + this.#rules.minOnSeconds * 1000)
  }

  #nextLookMs(
    view: PowerView,
    groups: readonly DemandGroup[],
    set: readonly Candidate[],
    nowMs: number,
  ): number | null {
    const times: number[] = []
    const spare = view.nodes.filter(({ id }) => this.#unneeded.has(id))
    for (const [index, node] of spare
      .toSorted((a, b) => a.profile.idleWatts - b.profile.idleWatts)
      .entries()) {
      const atMs = this.#sleepAtMs(node, index === 0, view, nowMs)
      if (atMs !== Number.POSITIVE_INFINITY) times.push(atMs)
      else if (this.#forecast.perHour(nowMs, view.weekMinute) > 0) {
        times.push(nowMs + lookAgainMs.whileExpecting)
      }
    }
    if (groups.length > 0) times.push(...this.#leaving.values())
    if (hasHours(this.#rules)) times.push(nowMs + lookAgainMs.atHours)
    if (groups.length > 0) {
      const isCarried = groups.every(({ bit }) => set.some(({ fits }) => (fits & bit) !== 0))
      times.push(nowMs + (isCarried ? lookAgainMs.whilePlaying : lookAgainMs.onResponder))
    }
    if (isBridgingInFlux(view, this.#bridged)) times.push(nowMs + lookAgainMs.whileBridging)
    const later = times.filter((atMs) => atMs > nowMs)
    return later.length > 0 ? Math.min(...later) : null
  }
}

const isAwake = ({ phase }: PowerNode): boolean => phase === 'ready' || phase === 'busy'

const isOn = (phase: PowerNode['phase']): boolean =>
  phase === 'ready' || phase === 'busy' || phase === 'waking'

/**
 * Who is given work: the wanted ones that are awake, and where they do not suffice yet, whoever else is awake, so that
 * nothing waits for a boot.
 */
function workingOf(
  usable: readonly PowerNode[],
  wanted: ReadonlySet<string>,
  groups: readonly DemandGroup[],
  candidates: readonly Candidate[],
  budgetWatts: number,
): { readonly working: readonly string[]; readonly leftWatts: number } {
  let leftWatts = budgetWatts
  const awake = new Set(usable.filter(isAwake).map(({ id }) => id))
  const here = candidates
    .filter(({ id }) => awake.has(id))
    .toSorted((a, b) => a.joulesPerWork - b.joulesPerWork || (a.id < b.id ? -1 : 1))
  const set = here.filter(({ id }) => wanted.has(id))
  const isHere = (bit: number) => set.some(({ fits }) => (fits & bit) !== 0)
  // Where the first responder goes on alone, nobody is on his way.
  const isComing = (bit: number) => candidates.some(({ id, fits }) => wanted.has(id) && (fits & bit) !== 0)
  for (const other of here) {
    const { unmet } = leastWatts(groups, set)
    if (unmet === 0 && groups.every(({ bit }) => isHere(bit) || !isComing(bit))) break
    const helps = groups.some(({ bit }) => (other.fits & bit) !== 0)
    if (wanted.has(other.id) || !helps || other.mostWatts > leftWatts) continue
    leftWatts -= other.mostWatts
    set.push(other)
  }
  return { working: set.map(({ id }) => id), leftWatts }
}
