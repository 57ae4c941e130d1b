import { PlayerLead, pausedAfterSeconds } from '../placement/power/player-lead.ts'
import type { SessionAction } from '../session/actions.ts'
import type { SessionEvent } from '../session/events.ts'
import { Session } from '../session/session.ts'
import { defaultPolicy } from '../session/spec.ts'
import type { Clock, Planned } from './clock.ts'
import type { EncoderJob, EncoderNode } from './encoder-node.ts'
import { Player } from './player.ts'
import type { StagedSession, StageEvents } from './stage.ts'
import type { Viewing } from './viewing.ts'

export const segmentSeconds = 2
/** Sound is made so many times faster than pictures (measured: 37x against 1.8x); its share is in the demand. */
const soundShare = 1 / 21
const publishMs = 5
/** Every other beat: it takes half the time to simulate, and a node that is not as fast as it was is known a second later. */
const tickMs = 2_000
const audio = 'audio'

/** A session of src/session, unchanged, with simulated encoders below it and a simulated viewer above. */
export class PlayedSession implements StagedSession {
  readonly viewing: Viewing
  readonly beganMs: number
  readonly player: Player
  nodeIds: readonly string[] = []
  readonly #clock: Clock
  readonly #nodes: ReadonlyMap<string, { readonly encoder: EncoderNode; readonly capacity: number }>
  readonly #events: StageEvents
  readonly #session: Session
  readonly #lead = new PlayerLead()
  readonly #nodeOf = new Map<string, { readonly node: string; readonly part: string }>()
  readonly #jobs = new Map<string, EncoderJob>()
  readonly #endSegment: number
  #tick: Planned | null = null
  /** What the session was told last of its nodes. */
  #listed: string | null = ''
  #isOver = false
  #isMade = false

  constructor(
    viewing: Viewing,
    askedMs: number,
    clock: Clock,
    nodes: ReadonlyMap<string, { readonly encoder: EncoderNode; readonly capacity: number }>,
    events: StageEvents,
  ) {
    this.viewing = viewing
    this.beganMs = clock.nowMs
    this.#clock = clock
    this.#nodes = nodes
    this.#events = events
    this.#endSegment = Math.max(1, Math.ceil(viewing.titleSeconds / segmentSeconds))
    this.player = new Player(clock, viewing, askedMs, {
      throttle: (on) => this.#throttle(on),
      over: () => this.#end(),
    })
    this.#session = new Session({
      parts: [
        { name: 'video', sticky: false },
        { name: audio, sticky: true },
      ],
      ...{ firstSegment: 0, expectedEndSegment: this.#endSegment, segmentSeconds: () => segmentSeconds },
      ...{ mode: 'stream', attemptPrefix: viewing.id, policy: defaultPolicy },
    })
    this.#tick = clock.after(tickMs, () => this.#passTime())
  }

  get watch(): Player {
    return this.player
  }

  setNodes(nodes: readonly string[], shares: ReadonlyMap<string, number>): void {
    const listed = nodes.map((id) => {
      const speed = this.#nodes.get(id)!.capacity / this.viewing.demand
      return { id, cores: 1, speed, share: shares.get(id) ?? 1 }
    })
    const known = listed.map(({ id, share }) => `${id} ${share}`).join()
    if (known === this.#listed) return
    this.#listed = known
    this.nodeIds = nodes
    this.#tell({ type: 'nodes-changed', nodes: listed })
  }

  nodeLost(node: string): void {
    this.nodeIds = this.nodeIds.filter((id) => id !== node)
    this.#listed = null
    this.#tell({ type: 'node-lost', node })
  }

  leadSeconds(): number {
    return this.#lead.seconds(this.#clock.nowMs)
  }

  isResting(): boolean {
    return this.#isMade || this.#lead.isPaused(this.#clock.nowMs)
  }

  #throttle(on: boolean): void {
    if (this.#isOver) return
    const { nowMs } = this.#clock
    const wasResting = this.isResting()
    this.#lead.throttled(on, nowMs)
    this.#tell({ type: 'throttle', on })
    if (on) this.#clock.after(pausedAfterSeconds * 1000 + 1, () => this.isResting() && this.#events.changed())
    else if (wasResting) this.#events.changed()
  }

  #passTime(): void {
    if (this.#isOver) return
    let hasToldTime = false
    for (const [attempt, { node, part }] of this.#nodeOf) {
      if (part === audio) continue
      const madeSeconds = this.#nodes.get(node)!.encoder.madeSeconds(attempt, segmentSeconds)
      if (madeSeconds <= 0) continue
      this.#tell({ type: 'lease-progress', attempt, madeSeconds })
      hasToldTime = true
    }
    if (!hasToldTime) this.#tell({ type: 'tick' })
    this.#tick = this.#clock.after(tickMs, () => this.#passTime())
  }

  #tell(event: SessionEvent): void {
    if (this.#isOver) return
    for (const action of this.#session.handle(event, this.#clock.nowMs)) this.#carryOut(action)
  }

  #carryOut(action: SessionAction): void {
    switch (action.type) {
      case 'publish':
        this.#clock.after(publishMs, () => this.#published(action.segment))
        return
      case 'finish':
        // Everything is made; the viewer goes on to the end of what is there.
        this.#isMade = true
        this.#events.changed()
        return
      case 'fail':
        throw new Error(`session ${this.viewing.id} failed: ${action.reason}`)
      default: {
        if (action.type === 'grant') {
          this.#nodeOf.set(action.attempt, { node: action.node, part: action.part })
        }
        const granted = this.#nodeOf.get(action.attempt)
        if (!granted) return
        if (action.type === 'cancel') this.#nodeOf.delete(action.attempt)
        this.#nodes.get(granted.node)!.encoder.order(action, this.#jobOn(granted.node))
      }
    }
  }

  #published(segment: number): void {
    if (this.#isOver) return
    const isFirst = this.player.startSeconds === null
    const seconds = Math.min(segmentSeconds, this.viewing.titleSeconds - segment * segmentSeconds)
    this.#lead.published(seconds, this.#clock.nowMs)
    this.#tell({ type: 'published', segment })
    this.player.published(seconds)
    if (isFirst) this.#events.changed()
  }

  #jobOn(node: string): EncoderJob {
    const known = this.#jobs.get(node)
    if (known) return known
    const speed = this.#nodes.get(node)!.capacity / this.viewing.demand
    const job: EncoderJob = {
      workSeconds: (part) => (segmentSeconds / speed) * (part === audio ? soundShare : 1 - soundShare),
      endSegment: this.#endSegment,
      offer: (attempt, segment, short) => {
        const verdict = this.#isOver ? 'gone' : this.#session.verdict(attempt, segment)
        if (verdict === 'accept' || verdict === 'duplicate') {
          this.#tell({ type: 'segment-arrived', attempt, segment, ...(short && { short }) })
        }
        return verdict
      },
      report: (event) => {
        if (event.type === 'lease-ended') this.#nodeOf.delete(event.attempt)
        this.#tell(event)
      },
    }
    this.#jobs.set(node, job)
    return job
  }

  #end(): void {
    if (this.#isOver) return
    this.#tell({ type: 'kill' })
    this.#isOver = true
    this.#tick?.cancel()
    this.#events.ended(this)
  }
}
