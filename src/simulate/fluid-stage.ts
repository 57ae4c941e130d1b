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

interface NodeWish {
  readonly session: FluidSession
  /** Work a second. */
  readonly work: number
}

/**
 * The coarse grain: sessions flow. A node divides itself evenly among those that work on it; who has all that it
 * needs takes no more than keeps it so. No segments, seams or encoder starts but the first; everything above (admission,
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

  begin(viewing: Viewing, askedMs: number): StagedSession {
    const session = new FluidSession(viewing, this.#clock, askedMs, () => this.#change())
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

  /** How much each node gives to each session: an even share to each that wants so much, and to none more than it wants. */
  #flow(nowMs: number): void {
    const wishes = new Map([...this.#nodes].map(([id]) => [id, [] as NodeWish[]]))
    for (const session of this.#sessions) {
      session.rate = 0
      const nodes = session.nodeIds.filter((id) => this.#nodes.get(id)!.isUp)
      const capacity = nodes.reduce((total, id) => total + this.#nodes.get(id)!.capacity, 0)
      const demand = session.isEncoding(nowMs) ? session.steadyDemand : 0
      for (const id of nodes) {
        const work =
          demand === null ? Number.POSITIVE_INFINITY : (demand * this.#nodes.get(id)!.capacity) / capacity
        wishes.get(id)!.push({ session, work })
      }
    }
    for (const [id, wanted] of wishes) {
      let left = this.#nodes.get(id)!.capacity
      const modestFirst = wanted.sort((a, b) => a.work - b.work)
      for (const [index, { session, work }] of modestFirst.entries()) {
        const given = Math.min(work, left / (modestFirst.length - index))
        session.rate += given / session.viewing.demand
        left -= given
      }
      this.#tell(id, wanted.length, 1 - Math.max(0, left) / this.#nodes.get(id)!.capacity)
    }
  }

  #tell(id: string, sessions: number, share: number): void {
    const node = this.#nodes.get(id)!
    if (node.sessions === sessions && node.share === share) return
    node.sessions = sessions
    node.share = share
    this.#events.nodeBusy(id, sessions, share)
  }
}

const marks = (session: FluidSession): string =>
  `${session.watch.startSeconds !== null} ${session.isResting()} ${session.isFull} ${session.leadMark}`
