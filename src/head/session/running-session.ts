import type { EndedReport } from '../../cluster/messages.ts'
import type { PublisherMemory } from '../../dialects/plex/publisher.ts'
import { unusableReasons } from '../../media/seeking.ts'
import { boundarySlot, segmentSeconds, slotSeconds } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'
import type { GrantAction, SessionAction } from '../../session/actions.ts'
import type { SessionEvent, SessionNode } from '../../session/events.ts'
import type { PartMemory } from '../../session/going-on.ts'
import { Session } from '../../session/session.ts'
import type { Verdict } from '../data/lease-book.ts'
import type { FormerSession } from '../memory/former-sessions.ts'
import type { BurntText } from './burnt-text.ts'
import { createEncoderLook, type EncoderLook } from './encoder-look.ts'
import { GrantTurns } from './grant-turns.ts'
import type { ShippedFile } from './lease-carrier.ts'
import type { LiveSession, LiveSessionOptions, SessionEnd } from './live-session.ts'
import type { FinishedSegment } from './output.ts'
import { createSegmentArrivals, type SegmentArrivals } from './segment-arrivals.ts'
import { createSegmentMaker } from './segment-maker.ts'
import { sessionSpec } from './session-spec.ts'
import { createSessionText, type SessionText } from './session-text.ts'
import { createTally, type SessionTally } from './tally.ts'

const tickMs = 100

/** Of a segment that nothing is known of. */
const usualBytes = 1024 * 1024

/** As it was staged, and as it is published. */
const copiesInMemory = 2

/** What is written down anew; credit is told again by whoever goes on. */
const changesCrew: ReadonlySet<SessionAction['type']> = new Set(['grant', 'cut', 'cancel'])

/** How long a session waits for a node when the last one has gone. A viewer is better off with the original. */
const streamPatienceMs = 5_000
const filePatienceMs = 30_000

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
  readonly #make: ReturnType<typeof createSegmentMaker>
  readonly #look: EncoderLook
  readonly #text: SessionText
  readonly #ticker: NodeJS.Timeout
  readonly #turns = new GrantTurns()
  readonly #arrivals: SegmentArrivals
  #publishing: Promise<void> = Promise.resolve()
  #settle: (end: SessionEnd) => void = () => {}
  #nodeIds: readonly string[] = []
  /** As they were given last; null when the session may have forgotten one since. */
  #nodes: readonly SessionNode[] | null = null
  #lastNodeMs: number
  #over = false
  #opened = false
  /** What is in the output's hands; its bytes are not kept, for a session may pause for hours. */
  #publishes: Pick<FinishedSegment, 'segment' | 'frames' | 'endSeconds'> | null = null

  /** Of the segment that was published last: the next one will be about as large. */
  #lastBytes = usualBytes

  constructor(options: LiveSessionOptions) {
    const { plan, past } = options
    this.#options = options
    this.id = options.id
    this.plan = plan
    this.tally = createTally(past?.stand.tally)
    this.#make = createSegmentMaker(plan, options.staging, past?.stand.maker)
    this.#look = createEncoderLook(plan, past?.stand.look)
    this.#text = createSessionText({ ...options, id: options.attemptPrefix, nodes: () => this.#nodeIds })
    this.#session = new Session(sessionSpec(options), past?.goingOn, options.now())
    this.#arrivals = createSegmentArrivals({
      ...{ ...options, look: this.#look, tally: this.tally },
      verdict: this.verdict,
      onKept: (arrived) => this.#handle({ type: 'segment-arrived', ...arrived }),
      onBroken: (error) => this.#breakOff(error),
    })
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#lastNodeMs = options.now()
    this.#ticker = setInterval(() => this.#tick(), tickMs)
    if (past) this.#goOn(past)
  }

  /** The leases of before are its own; what their nodes deliver and report is for it from now on. */
  #goOn(past: FormerSession): void {
    this.#opened = true
    // One platform from the first lease to the last: see sessionPlatform.
    const compiled = past.platform === null ? {} : { platform: past.platform }
    for (const lease of this.#session.view(this.#options.now()).leases)
      this.#options.carrier.adopt(this, { ...lease, ...compiled })
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
    const hadWork = this.#works(node)
    this.#nodes = null
    this.#text.nodeLost(node)
    this.#options.carrier.nodeLost(node)
    // A hundred other sessions hear of it from those who share the nodes out: ten may be lost in one turn.
    if (hadWork) this.#handle({ type: 'node-lost', node })
  }

  throttle(on: boolean): void {
    this.isThrottled = on
    this.#handle({ type: 'throttle', on })
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
    this.#handle({ type: 'lease-ended', attempt, outcome, next, reason })
  }

  crew(): readonly PartMemory[] {
    return this.#session.memory()
  }

  async announcing(publisher: PublisherMemory): Promise<string | null> {
    const { memory, now } = this.#options
    const made = this.#publishes
    if (!memory || !made) return null
    const { segment, frames, endSeconds } = made
    const seconds = segmentSeconds(this.plan.timeline, segment)
    const { leadSeconds, publishedSeconds } = this.#session.view(now())
    return memory.announcing({
      ...{ next: segment + 1, publisher, maker: this.#make.memory(), look: this.#look.settled },
      ...{ publishedSeconds: publishedSeconds + seconds, leadSeconds: leadSeconds + seconds },
      tally: {
        frames: this.tally.frames + frames,
        publishedSegments: this.tally.publishedSegments + 1,
        publishedUntilSeconds: endSeconds,
      },
    })
  }

  progress(attempt: string, madeSeconds: number): void {
    this.#handle({ type: 'lease-progress', attempt, madeSeconds })
  }

  leaseGone(attempt: string): void {
    const lease = this.#options.carrier.lease(attempt)
    if (!lease) return
    this.#options.carrier.release(attempt)
    this.#handle({
      type: 'lease-ended',
      attempt,
      outcome: 'stopped',
      next: lease.from,
      reason: 'unknown there',
    })
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
    const { now, mode, isNodeComing } = this.#options
    const film = this.plan.inputs[this.plan.video.source.input]?.seeking?.verdict
    if (film?.kind === 'unusable') {
      this.#breakOff(new Error(`${unusableReasons[film.why]}: ${film.detail}`))
      return
    }
    if (this.#nodeIds.length > 0 || isNodeComing?.()) this.#lastNodeMs = now()
    const patienceMs = mode === 'stream' ? streamPatienceMs : filePatienceMs
    if (now() - this.#lastNodeMs > patienceMs) this.#breakOff(new Error('no node is left'))
    else this.#handle({ type: 'tick' })
  }

  #do(action: SessionAction): void {
    switch (action.type) {
      case 'grant':
        if (action.doubles !== null) this.tally.hedged()
        if (action.part === 'video' && this.#text.burnt) this.#grantWithText(action, this.#text.burnt)
        else if (action.part === 'video') this.#turns.picture(() => this.#grant(action))
        else {
          this.#turns.other(action.attempt, () => {
            if (this.#isHeld(action.attempt)) void this.#grant(action)
          })
        }
        return
      case 'cut':
      case 'extend':
      case 'cancel':
        this.#turns.about(action.attempt, () => this.#options.carrier.order(action))
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

  #works(node: string): boolean {
    return this.#session.view(this.#options.now()).leases.some((lease) => lease.node === node)
  }

  #isHeld(attempt: string): boolean {
    const { leases } = this.#session.view(this.#options.now())
    return !this.#over && leases.some((lease) => lease.attempt === attempt)
  }

  /** The lease's text has to be there before it is. */
  #grantWithText(action: GrantAction, text: BurntText): void {
    const { attempt, from } = action
    const ready = text.filesFor(action)
    this.#turns.pictureAfter(attempt, ready, async () => {
      if (this.#isHeld(attempt)) await this.#grant(action, await ready)
    })
    ready.catch(({ message: reason }: Error) => {
      this.#handle({ type: 'lease-ended', attempt, outcome: 'failed', next: from, reason })
    })
  }

  async #grant(action: GrantAction, files: readonly ShippedFile[] = []): Promise<void> {
    try {
      const problem = await this.#options.carrier.grant(this, action, { files })
      if (problem) this.#handle(problem)
      else this.#open()
    } catch (error) {
      this.#breakOff(error as Error)
    }
  }

  #open(): void {
    if (this.#opened || this.#over) return
    this.#opened = true
    void this.#options.output.opened().catch((error: Error) => this.#breakOff(error))
  }

  async #publish(segment: number): Promise<void> {
    // A segment may come before the answer to its grant, which then opens nothing any more.
    this.#opened = true
    const leave = await this.#options.publications?.enter(this.#lastBytes * copiesInMemory)
    try {
      const last = this.#session.view(this.#options.now()).endSegment === segment + 1
      const { timeline } = this.plan
      const end = this.#text.inside && slotSeconds(timeline, boundarySlot(timeline, segment + 1))
      const inside = await this.#text.inside?.until(last ? Number.POSITIVE_INFINITY : (end ?? 0))
      const made = await this.#make.make(segment, last, inside)
      const text = await this.#text.beside?.until(last ? Number.POSITIVE_INFINITY : made.endSeconds)
      if (this.#over) return
      this.#publishes = { segment, frames: made.frames, endSeconds: made.endSeconds }
      this.#lastBytes = Math.max(made.bytes.length, usualBytes)
      await this.#options.output.publish({ ...made, ...(text && { text }) })
      this.tally.published(made)
      this.#options.handled?.(made.bytes.length)
      leave?.()
      this.#handle({ type: 'published', segment })
    } catch (error) {
      this.#breakOff(error as Error)
    } finally {
      leave?.()
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
    node.id === as?.id && node.cores === as.cores && node.speed === as.speed
  return one.length === other.length && one.every((node, index) => isSame(node, other[index]))
}
