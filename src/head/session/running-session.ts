import type { EndedReport } from '../../cluster/messages.ts'
import type { PublisherMemory } from '../../dialects/plex/publisher.ts'
import { segmentSeconds } from '../../media/timeline.ts'
import { PlayerLead } from '../../placement/power/player-lead.ts'
import type { Plan } from '../../plan/plan.ts'
import type { SessionAction } from '../../session/actions.ts'
import type { SessionEvent, SessionNode } from '../../session/events.ts'
import type { PartMemory } from '../../session/going-on.ts'
import { Session, type SessionView } from '../../session/session.ts'
import type { Verdict } from '../data/lease-book.ts'
import type { FormerSession } from '../memory/former-sessions.ts'
import { createEncoderLook } from './encoder-look.ts'
import type { LiveSession, LiveSessionOptions } from './live-session.ts'
import { createOutgoingOrders, type OutgoingOrders } from './outgoing-orders.ts'
import { createPublishing, type Publishing } from './publishing.ts'
import { createSegmentArrivals, type SegmentArrivals } from './segment-arrivals.ts'
import type { SessionEnd } from './session-end.ts'
import { sessionSpec } from './session-spec.ts'
import { createSessionText, type SessionText } from './session-text.ts'
import { createStopReason, type StopReason } from './stop-reason.ts'
import { createTally, type SessionTally } from './tally.ts'

const tickMs = 100

/** What is written down anew; credit is told again by whoever goes on. */
const changesCrew: ReadonlySet<SessionAction['type']> = new Set(['grant', 'cut', 'cancel'])

export function startLiveSession(options: LiveSessionOptions): LiveSession {
  return new RunningSession(options)
}

class RunningSession implements LiveSession {
  readonly id: string
  readonly plan: Plan
  readonly tally: SessionTally
  readonly ended: Promise<SessionEnd>
  isThrottled = false
  readonly #options: LiveSessionOptions
  readonly #session: Session
  readonly #stopReason: StopReason
  readonly #output: Publishing
  readonly #orders: OutgoingOrders
  readonly #text: SessionText
  readonly #ticker: NodeJS.Timeout
  readonly #arrivals: SegmentArrivals
  #publishing: Promise<void> = Promise.resolve()
  #settle: (end: SessionEnd) => void = () => {}
  #nodeIds: readonly string[] = []
  /** As they were given last; null when the session may have forgotten one since. */
  #nodes: readonly SessionNode[] | null = null
  #over = false
  readonly #player = new PlayerLead()

  constructor(options: LiveSessionOptions) {
    const { plan, past } = options
    this.#options = options
    this.id = options.id
    this.plan = plan
    this.tally = createTally(past?.stand.tally)
    const look = createEncoderLook(plan, past?.stand.look)
    this.#text = createSessionText({ ...options, id: options.attemptPrefix, nodes: () => this.#nodeIds })
    this.#session = new Session(sessionSpec(options), past?.goingOn, options.now())
    this.#arrivals = createSegmentArrivals({
      ...{ ...options, look, tally: this.tally },
      verdict: this.verdict,
      onKept: (arrived) => this.#handle({ type: 'segment-arrived', ...arrived }),
      onBroken: (error) => this.#breakOff(error),
    })
    this.#orders = createOutgoingOrders({
      ...{ carrier: options.carrier, holder: this, burnt: this.#text.burnt },
      isHeld: (attempt) => !this.#over && this.#leases().some((lease) => lease.attempt === attempt),
      onBegun: () => void this.#output.open().catch((error: Error) => this.#breakOff(error)),
      onProblem: (event) => this.#handle(event),
      onBroken: (error) => this.#breakOff(error),
    })
    this.#output = createPublishing({
      ...{ ...options, look, text: this.#text, tally: this.tally },
      view: () => this.#session.view(options.now()),
      isOver: () => this.#over,
    })
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#stopReason = createStopReason(options)
    this.#ticker = setInterval(() => this.#tick(), tickMs)
    if (past) this.#goOn(past)
  }

  /** The leases of before are its own; what their nodes deliver and report is for it from now on. */
  #goOn(past: FormerSession): void {
    this.#output.isOpen()
    for (const lease of this.#leases())
      this.#options.carrier.adopt(this, { ...lease, ...past.ways[lease.attempt] })
    // Before anybody asks which of them their nodes still know.
    for (const report of past.adopt()) this.leaseEnded(report)
  }

  get nodeIds(): readonly string[] {
    return this.#nodeIds
  }

  leadSeconds(): number {
    const { mode, now } = this.#options
    return mode === 'file' ? Number.POSITIVE_INFINITY : this.#session.view(now()).leadSeconds
  }

  player(): { readonly leadSeconds: number; readonly isPaused: boolean } {
    const nowMs = this.#options.now()
    if (this.#options.mode === 'file') return { leadSeconds: Number.POSITIVE_INFINITY, isPaused: false }
    return { leadSeconds: this.#player.seconds(nowMs), isPaused: this.#player.isPaused(nowMs) }
  }

  view(): SessionView {
    return this.#session.view(this.#options.now())
  }

  setNodes(nodes: readonly SessionNode[]): void {
    // With a hundred sessions each of their starts and ends tells all of the others, and seldom anything new.
    if (this.#nodes !== null && areSame(this.#nodes, nodes)) return
    const isFirst = this.#nodeIds.length === 0 && nodes.length > 0
    this.#nodes = nodes
    this.#nodeIds = nodes.map((node) => node.id)
    if (isFirst) this.#text.begin()
    this.#handle({ type: 'nodes-changed', nodes })
  }

  nodeLost(node: string): void {
    const hadWork = this.#leases().some((lease) => lease.node === node)
    this.#nodes = null
    this.#text.nodeLost(node)
    this.#options.chronicle?.nodeLost(node)
    this.#options.carrier.nodeLost(node)
    // A hundred other sessions hear of it from those who share the nodes out: ten may be lost in one turn.
    if (hadWork) this.#handle({ type: 'node-lost', node })
  }

  throttle(on: boolean): void {
    if (on !== this.isThrottled) this.#options.chronicle?.throttled(on)
    const isOther = on !== this.isThrottled
    this.isThrottled = on
    this.#player.throttled(on, this.#options.now())
    this.#handle({ type: 'throttle', on })
    if (isOther) this.#options.onThrottle?.()
  }

  kill(): void {
    if (this.#over) return
    this.#handle({ type: 'kill' })
    void this.#end({ how: 'killed' })
  }

  giveUp(error: Error): void {
    this.#breakOff(error)
  }

  verdict = (attempt: string, segment: number): Verdict => this.#session.verdict(attempt, segment)

  store = (attempt: string, segment: number, bytes: Buffer): Promise<string | null> =>
    this.#arrivals.store(attempt, segment, bytes)

  leaseEnded(report: EndedReport): void {
    if (this.#text.ended(report)) return
    const { attempt, outcome, next, stderr, exitCode } = report
    const lease = this.#options.carrier.lease(attempt)
    if (lease) this.#options.carrier.close(attempt, report)
    const reason = stderr.trim() === '' ? `ffmpeg ended with ${exitCode}` : stderr.trim()
    const hasOtherWay = outcome === 'failed' && lease && this.#options.hasOtherWay?.(lease)
    this.#handle({
      ...{ type: 'lease-ended', attempt, outcome, next, reason },
      ...(hasOtherWay && { hasOtherWay }),
    })
  }

  crew(): readonly PartMemory[] {
    return this.#session.memory()
  }

  announcing(publisher: PublisherMemory): Promise<string | null> {
    return this.#output.announcing(publisher)
  }

  progress(attempt: string, madeSeconds: number): void {
    this.#handle({ type: 'lease-progress', attempt, madeSeconds })
  }

  leaseGone(attempt: string): void {
    const lease = this.#options.carrier.lease(attempt)
    if (!lease) return
    this.#options.carrier.release(attempt)
    const [next, reason] = [lease.from, 'unknown there']
    this.#handle({ type: 'lease-ended', attempt, outcome: 'stopped', next, reason })
  }

  #handle(event: SessionEvent): void {
    if (this.#over) return
    try {
      const actions = this.#session.handle(event, this.#options.now())
      if (event.type === 'lease-ended' || actions.some(({ type }) => changesCrew.has(type))) {
        this.#options.memory?.crewChanged()
      }
      for (const action of actions) this.#do(action)
    } catch (error) {
      // One session's fault must not end the others.
      this.#breakOff(error as Error)
    }
  }

  #tick(): void {
    const reason = this.#stopReason.look(this.#nodeIds.length > 0)
    if (reason !== null) this.#breakOff(new Error(reason))
    else this.#handle({ type: 'tick' })
  }

  #do(action: SessionAction): void {
    switch (action.type) {
      case 'grant':
        if (action.doubles !== null) {
          this.tally.hedged()
          this.#options.chronicle?.hedged(action.attempt, action.from)
        }
        this.#orders.grant(action)
        return
      case 'cut':
        this.#options.chronicle?.cut(action.attempt, action.at)
        this.#orders.about(action)
        return
      case 'extend':
      case 'cancel':
        this.#orders.about(action)
        return
      case 'publish':
        this.#publishing = this.#publish(action.segment)
        return
      case 'finish':
        void this.#end({ how: 'finished' })
        return
      case 'fail':
        void this.#end({ how: 'failed', reason: action.reason })
    }
  }

  #leases(): SessionView['leases'] {
    return this.view().leases
  }

  async #publish(segment: number): Promise<void> {
    try {
      if (!(await this.#output.publish(segment))) return
      this.#player.published(segmentSeconds(this.plan.timeline, segment), this.#options.now())
      this.#handle({ type: 'published', segment })
    } catch (error) {
      this.#breakOff(error as Error)
    }
  }

  #breakOff(error: Error): void {
    void this.#end({ how: 'failed', reason: error.message })
  }

  async #end(end: SessionEnd): Promise<void> {
    if (this.#over) return
    this.#over = true
    clearInterval(this.#ticker)
    this.#text.close()
    this.#options.carrier.closeAll()
    try {
      // Whether the first segment has been announced decides what can still be done after a failure.
      if (end.how !== 'killed') await this.#publishing
      await this.#options.memory?.close()
      await this.#options.staging.close()
      this.#settle(end)
    } catch (error) {
      this.#settle({ how: 'failed', reason: (error as Error).message })
    }
  }
}

function areSame(one: readonly SessionNode[], other: readonly SessionNode[]): boolean {
  const isSame = (node: SessionNode, as: SessionNode | undefined) =>
    node.id === as?.id &&
    node.cores === as.cores &&
    node.speed === as.speed &&
    node.share === as.share &&
    node.untrustedFor?.join() === as.untrustedFor?.join()
  return one.length === other.length && one.every((node, index) => isSame(node, other[index]))
}
