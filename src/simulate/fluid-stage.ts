import type { Clock, Planned } from './clock.ts'
import { FluidSession } from './fluid-session.ts'
import type { Stage, StagedSession, StageEvents, StageNode } from './stage.ts'
import type { Viewing } from './viewing.ts'

/** Something has changed a moment ago; never again and again at the same moment. */
const leastWaitMs = 0.1

interface NodeFlow {
  readonly capacity: number
  isUp: boolean
  sessions: number
  share: number
}

/**
 * The coarse grain: sessions flow. A node gives those that have all they need what keeps them so, and divides the rest
 * evenly among those that want more. No segments, seams or encoder starts but the first; everything above (admission,
 * placement, the power policy) is the same as in the fine grain, of which it takes a hundredth of the time.
 */
export class FluidStage implements Stage {
  readonly #clock: Clock
  readonly #events: StageEvents
  readonly #nodes: ReadonlyMap<string, NodeFlow>
  readonly #sessions = new Set<FluidSession>()
  #next: Planned | null = null
  #isDue = false

  constructor(nodes: readonly StageNode[], clock: Clock, events: StageEvents) {
    this.#clock = clock
    this.#events = events
    this.#nodes = new Map(
      nodes.map(({ id, capacity }) => [id, { capacity, isUp: true, sessions: 0, share: 0 }]),
    )
  }

  begin(viewing: Viewing): StagedSession {
    const session = new FluidSession(viewing, this.#clock.nowMs, () => this.#change())
    this.#sessions.add(session)
    return session
  }

  nodeUp(node: string): void {
    this.#nodes.get(node)!.isUp = true
    this.#change()
  }

  nodeDown(node: string): void {
    this.#nodes.get(node)!.isUp = false
    this.#change()
  }

  leasesOn(node: string): number {
    return this.#nodes.get(node)!.sessions
  }

  /** Everything that happens at a moment is reckoned with once. */
  #change(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#clock.after(0, () => {
      this.#isDue = false
      this.#reckon()
    })
  }

  #reckon(): void {
    this.#next?.cancel()
    const { nowMs } = this.#clock
    let hasChanged = false
    for (const session of this.#sessions) {
      const before = marks(session)
      session.settle(nowMs)
      hasChanged ||= before !== marks(session)
      if (!session.isOver) continue
      this.#sessions.delete(session)
      this.#events.ended(session)
    }
    this.#flow(nowMs)
    if (hasChanged) this.#events.changed()
    let seconds = Number.POSITIVE_INFINITY
    for (const session of this.#sessions) seconds = Math.min(seconds, session.nextSeconds(nowMs))
    if (seconds === Number.POSITIVE_INFINITY) return
    this.#next = this.#clock.after(Math.max(leastWaitMs, seconds * 1000), () => this.#reckon())
  }

  /** How much each node gives to each session. */
  #flow(nowMs: number): void {
    const loads = new Map([...this.#nodes].map(([id]) => [id, { steady: 0, hungry: 0, sessions: 0 }]))
    const active = [...this.#sessions].map((session) => {
      const nodes = session.nodeIds.filter((id) => this.#nodes.get(id)!.isUp)
      const capacity = nodes.reduce((total, id) => total + this.#nodes.get(id)!.capacity, 0)
      const demand = session.steadyDemand
      for (const id of nodes) {
        const load = loads.get(id)!
        load.sessions += 1
        if (demand !== null) load.steady += (demand * this.#nodes.get(id)!.capacity) / capacity
        else if (session.isEncoding(nowMs)) load.hungry += 1
      }
      return { session, nodes, demand }
    })
    for (const { session, nodes, demand } of active) {
      let work = 0
      for (const id of nodes) {
        const { steady, hungry } = loads.get(id)!
        const { capacity } = this.#nodes.get(id)!
        if (demand === null) work += session.isEncoding(nowMs) ? Math.max(0, capacity - steady) / hungry : 0
      }
      const kept = nodes.length > 0 ? (demand ?? 0) : 0
      session.rate = (demand === null ? work : kept) / session.viewing.demand
    }
    for (const [id, { steady, hungry, sessions }] of loads) this.#tell(id, sessions, steady, hungry)
  }

  #tell(id: string, sessions: number, steady: number, hungry: number): void {
    const node = this.#nodes.get(id)!
    const share = hungry > 0 ? 1 : Math.min(1, steady / node.capacity)
    if (node.sessions === sessions && node.share === share) return
    node.sessions = sessions
    node.share = share
    this.#events.nodeBusy(id, sessions, share)
  }
}

const marks = (session: FluidSession): string =>
  `${session.watch.startSeconds !== null} ${session.isResting()} ${session.isFull} ${session.leadMark}`
