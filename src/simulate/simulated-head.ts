import { admissionMargin, decide, mostQueueMs } from '../placement/admission.ts'
import { place } from '../placement/place.ts'
import { admissibleNodes } from '../placement/power/admissible.ts'
import type { Cell } from '../placement/power/cells.ts'
import { PowerPolicy } from '../placement/power/power-policy.ts'
import { joulesPerWork } from '../placement/power/power-profile.ts'
import type { PowerRules } from '../placement/power/power-rules.ts'
import type { PowerDecision, PowerView } from '../placement/power/power-view.ts'
import { minutesPerWeek } from '../placement/power/weekly-hours.ts'
import { sharesOf } from '../placement/shares.ts'
import type { Placement, PlacementNode, PlacementSession } from '../placement/wants.ts'
import type { Clock, Planned } from './clock.ts'
import type { DecisionTimes } from './decision-times.ts'
import { EnergyAccount, WattsTotal } from './energy-account.ts'
import { type Fleet, floorWatts } from './fleet.ts'
import { SimulatedNode } from './power-node.ts'
import type { Random } from './random.ts'
import type { Stage, StagedSession, StageEvents, StageNode } from './stage.ts'
import type { Viewing } from './viewing.ts'

/** Placement's decision on who is awake; others than the real one are there to be compared with it. */
export interface AwakePolicy {
  decide(view: PowerView, nowMs: number): PowerDecision
  sessionBegan(nowMs: number, weekMinute: number): void
  sessionEnded(seconds: number): void
}

export interface HeadOptions {
  readonly fleet: Fleet
  readonly clock: Clock
  readonly random: Random
  readonly stage: (nodes: readonly StageNode[], events: StageEvents) => Stage
  readonly policy: AwakePolicy
  /** Nodes are on when it begins. */
  readonly areOn: boolean
  /** Where the time that decisions take is noted, and the clock for it. */
  readonly times?: { readonly note: DecisionTimes; readonly nowMs: () => number }
  readonly onEnded: (session: StagedSession) => void
  readonly onRefused: (viewing: Viewing) => void
}

/** Work a second, streams taken with the margin of admission. */
export type Room = Pick<Cell, 'awakeFree' | 'free'>

export const responderId = 'first-responder'
/** As the real head does while several sessions play, or one that may have several nodes. */
const turnMs = 1_000
const askAgainMs = 500
const littleLeadSeconds = 8

export function usualPolicy(rules: PowerRules): AwakePolicy {
  return new PowerPolicy(rules)
}

/** What the head does with sessions, nodes and their power, on a virtual clock: admission, the power policy, placement. */
export class SimulatedHead {
  readonly nodes: readonly SimulatedNode[]
  readonly responderEnergy: EnergyAccount
  /** Floor included. */
  readonly total: WattsTotal
  readonly #options: HeadOptions
  readonly #byId: ReadonlyMap<string, SimulatedNode>
  readonly #stage: Stage
  readonly #sessions = new Map<StagedSession, PlacementSession>()
  readonly #turns: boolean
  #isDue = false
  /** Nodes that may be given work, as of the last decision. */
  #working = 0
  #room: Room
  #nextLook: Planned | null = null
  #turn: Planned | null = null

  constructor(options: HeadOptions, turns: boolean) {
    const { fleet, clock, random, areOn } = options
    this.#options = options
    this.#turns = turns
    this.total = new WattsTotal(floorWatts(fleet))
    this.nodes = fleet.nodes.map(
      (node) =>
        new SimulatedNode(
          node,
          { isOn: areOn, clock, random: random.fork(node.id), total: this.total },
          {
            up: (id) => this.#stage.nodeUp(id),
            down: (id) => this.#goesDown(id),
            changed: () => this.react(),
          },
        ),
    )
    this.#byId = new Map(this.nodes.map((node) => [node.spec.id, node]))
    this.responderEnergy = new EnergyAccount(0, clock.nowMs, this.total)
    const workers = this.nodes.map(({ spec }) => ({ id: spec.id, capacity: spec.capacity }))
    const own = fleet.responder ? [{ id: responderId, capacity: fleet.responder.capacity }] : []
    this.#stage = options.stage([...workers, ...own], {
      nodeBusy: (id, leases, share) => this.#busy(id, leases, share),
      changed: () => this.react(),
      ended: (session) => this.#ended(session),
    })
    this.#room = this.#reckonRoom()
    this.react()
  }

  get playing(): number {
    return this.#sessions.size
  }

  /** What a router above several heads has been told, after each decision and each stream that was let in. */
  get room(): Room {
    return this.#room
  }

  #reckonRoom(): Room {
    let used = 0
    for (const { viewing } of this.#sessions.keys()) used += viewing.demand * admissionMargin
    let awake = 0
    let whole = 0
    for (const { isAwake, life, spec } of this.nodes) {
      if (isAwake || life.phase === 'waking') awake += spec.capacity
      if (life.phase !== 'failed') whole += spec.capacity
    }
    return { awakeFree: awake - used, free: whole - used }
  }

  request(viewing: Viewing, askedMs = this.#options.clock.nowMs): void {
    const { clock, fleet, policy, onRefused } = this.#options
    const waitedMs = clock.nowMs - askedMs
    const view = this.#view()
    const workers = admissibleNodes(view, fleet.rules)
    const nodes = workers.length > 0 || !fleet.responder ? workers : [fleet.responder]
    const running = view.sessions.map(({ platforms, demand }) => ({ platforms, demand }))
    const { demand, platforms } = viewing
    const decision = decide({ platforms, wishes: [{ demand, preset: null }], waitedMs }, running, nodes)
    if (decision.how === 'wait' && waitedMs < mostQueueMs) {
      clock.after(askAgainMs, () => this.request(viewing, askedMs))
      return
    }
    if (decision.how !== 'start') {
      onRefused(viewing)
      return
    }
    const session = this.#stage.begin(viewing, askedMs)
    this.#sessions.set(session, wishOf(session))
    policy.sessionBegan(clock.nowMs, this.#weekMinute())
    this.#room = this.#reckonRoom()
    this.react()
  }

  /** Something has changed: decides once at this moment, however much it was. */
  react(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#options.clock.after(0, () => {
      this.#isDue = false
      this.#decide()
    })
  }

  settle(): void {
    const { nowMs } = this.#options.clock
    for (const { energy } of this.nodes) energy.settle(nowMs)
    this.responderEnergy.settle(nowMs)
  }

  #weekMinute(): number {
    return Math.floor(this.#options.clock.nowMs / 60_000) % minutesPerWeek
  }

  #view(): PowerView {
    const { fleet, clock } = this.#options
    return {
      nodes: this.nodes.map((node) => node.view()),
      sessions: [...this.#sessions.keys()].map((session) => ({
        id: session.viewing.id,
        platforms: session.viewing.platforms,
        demand: session.viewing.demand,
        ageSeconds: (clock.nowMs - session.beganMs) / 1000,
        leadSeconds: session.leadSeconds(),
        isResting: session.isResting(),
      })),
      responder: fleet.responder,
      weekMinute: this.#weekMinute(),
    }
  }

  #decide(): void {
    const { clock, policy, times } = this.#options
    const view = this.#view()
    const isTimed = times?.note.isTimed() ?? false
    const beganMs = isTimed ? times!.nowMs() : 0
    const decision = policy.decide(view, clock.nowMs)
    this.#working = decision.working.length
    const { placement, shares } = this.#place(decision)
    if (isTimed) times!.note.add(times!.nowMs() - beganMs)
    for (const session of this.#sessions.keys())
      session.setNodes(placement.get(session.viewing.id) ?? [], shares)
    for (const id of decision.wake) this.#byId.get(id)!.tell({ type: 'wake' })
    for (const id of decision.sleep) this.#byId.get(id)!.tell({ type: 'sleep' })
    this.#nextLook?.cancel()
    if (decision.nextLookMs !== null) {
      this.#nextLook = clock.at(Math.max(decision.nextLookMs, clock.nowMs + 1), () => this.react())
    }
    this.#room = this.#reckonRoom()
    this.#takeTurns()
  }

  #place({ working, bridge }: PowerDecision): {
    readonly placement: Placement
    readonly shares: ReadonlyMap<string, number>
  } {
    const { responder } = this.#options.fleet
    const bridged = new Set(bridge)
    const sessions = [...this.#sessions].flatMap(([session, wish]): PlacementSession[] => {
      if (session.isResting()) return []
      const isBridged = bridged.has(wish.id)
      return [
        {
          id: wish.id,
          platforms: wish.platforms,
          demand: session.viewing.demand,
          leadSeconds: session.leadSeconds(),
          nodes: session.nodeIds,
          trusts: isBridged ? onlyResponder : anyNode,
        },
      ]
    })
    const nodes: PlacementNode[] = working.map((id) => {
      const { spec, isBusy } = this.#byId.get(id)!
      const { platforms, capacity, profile } = spec
      const joules = joulesPerWork(profile, capacity)
      return { id, platforms, capacity, speed: capacity, joulesPerWork: joules, isQuiet: !isBusy }
    })
    if (responder && bridge.length > 0) {
      const { platforms, capacity, slots } = responder
      nodes.push({ id: responderId, platforms, capacity, slots, firstResponder: true })
    }
    const placement = place(sessions, nodes)
    return { placement, shares: sharesOf(placement, nodes) }
  }

  #takeTurns(): void {
    if (this.#turn !== null || this.#sessions.size === 0) return
    if (this.#sessions.size < 2 && this.#working < 2) return
    if (!this.#turns && ![...this.#sessions.keys()].some(isRunningDry)) return
    this.#turn = this.#options.clock.after(turnMs, () => {
      this.#turn = null
      this.react()
    })
  }

  #goesDown(id: string): void {
    for (const session of this.#sessions.keys()) {
      if (session.nodeIds.includes(id) || this.#stage.leasesOn(id) > 0) session.nodeLost(id)
    }
    this.#stage.nodeDown(id)
  }

  #busy(id: string, leases: number, share: number): void {
    const { clock, fleet } = this.#options
    if (id === responderId) this.responderEnergy.draw(fleet.responder!.addedWatts * share, clock.nowMs)
    else this.#byId.get(id)!.busy(leases, share)
  }

  #ended(session: StagedSession): void {
    const { clock, policy, onEnded } = this.#options
    this.#sessions.delete(session)
    policy.sessionEnded((clock.nowMs - session.beganMs) / 1000)
    onEnded(session)
    this.react()
  }
}

const onlyResponder = (node: string): boolean => node === responderId
const anyNode = (node: string): boolean => node !== responderId

/** Placement helps streams with little in hand, and only looks at leads that it is told. */
function isRunningDry(session: StagedSession): boolean {
  return (
    session.watch.startSeconds !== null && !session.isResting() && session.leadSeconds() < littleLeadSeconds
  )
}

function wishOf({ viewing }: StagedSession): PlacementSession {
  const { id, platforms, demand } = viewing
  return { id, platforms, demand, leadSeconds: 0, nodes: [] }
}
