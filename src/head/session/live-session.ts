import type { EndedReport } from '../../cluster/messages.ts'
import {
  boundarySlot,
  expectedEndSegment,
  knownEndSegment,
  segmentSeconds,
  slotSeconds,
} from '../../media/timeline.ts'
import { type Plan, soundFilesUpTo, soundTimeline } from '../../plan/plan.ts'
import type { GrantAction, SessionAction } from '../../session/actions.ts'
import type { SessionEvent, SessionNode } from '../../session/events.ts'
import { Session } from '../../session/session.ts'
import { defaultPolicy, type SessionPart, type SessionPolicy } from '../../session/spec.ts'
import type { Verdict } from '../data/lease-book.ts'
import type { Staging } from '../data/staging.ts'
import type { BurntText } from './burnt-text.ts'
import { createEncoderLook, type EncoderLook } from './encoder-look.ts'
import { GrantTurns } from './grant-turns.ts'
import type { LeaseCarrier, ShippedFile } from './lease-carrier.ts'
import type { SessionOutput } from './output.ts'
import { judgeSegment } from './segment-facts.ts'
import { createSegmentMaker } from './segment-maker.ts'
import { createSessionText, type SessionText } from './session-text.ts'
import { createTally, type SessionTally } from './tally.ts'

export interface LiveSessionOptions {
  readonly id: string
  readonly plan: Plan
  readonly mode: 'stream' | 'file'
  readonly attemptPrefix: string
  readonly staging: Staging
  readonly carrier: LeaseCarrier
  readonly output: SessionOutput
  /** Fonts that text in the picture may need. */
  readonly fonts?: readonly Buffer[]
  /** How leases are dealt out; the usual way unless told. */
  readonly policy?: SessionPolicy
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  /** The head's own disk has no room for a segment, or has it again. */
  readonly onFull: (isFull: boolean) => void
  /** Whether a node is on its way, so that waiting for it is worth while. */
  readonly isNodeComing?: () => boolean
}

/** How a session ended. */
export type SessionEnd =
  | { readonly how: 'finished' | 'killed' }
  | { readonly how: 'failed'; readonly reason: string }

/**
 * A job being carried out: gives the pure session its events and does what it asks for. It owns the order of
 * things (one event after the other) and nothing of the policy.
 */
export interface LiveSession {
  readonly id: string
  readonly plan: Plan
  readonly tally: SessionTally
  /** Seconds of source published, less the wall time since the first; a whole-file job has no player: Infinity. */
  leadSeconds(): number
  /** Nodes that it may use now. */
  readonly nodeIds: readonly string[]
  setNodes(nodes: readonly SessionNode[]): void
  nodeLost(node: string): void
  throttle(on: boolean): void
  /** The viewer has gone or the media server has killed the shim. */
  kill(): void
  /** What it needs beside its nodes has failed: it ends with that reason. */
  giveUp(error: Error): void
  verdict(attempt: string, segment: number): Verdict
  store(attempt: string, segment: number, bytes: Buffer): Promise<string | null>
  leaseEnded(report: EndedReport): void
  /** Resolves when all is over and nothing is left on disk. */
  readonly ended: Promise<SessionEnd>
}

const tickMs = 100

const noRoom = "E_DISK_FULL: no room for segments in the head's data folder"

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
  readonly #options: LiveSessionOptions
  readonly #session: Session
  readonly #make: ReturnType<typeof createSegmentMaker>
  readonly #look: EncoderLook
  readonly #text: SessionText
  readonly #ticker: NodeJS.Timeout
  readonly #turns = new GrantTurns()
  #publishing: Promise<void> = Promise.resolve()
  #settle: (end: SessionEnd) => void = () => {}
  #nodeIds: readonly string[] = []
  /** As they were given last; null when the session may have forgotten one since. */
  #nodes: readonly SessionNode[] | null = null
  #lastNodeMs: number
  #over = false
  #opened = false

  constructor(options: LiveSessionOptions) {
    this.#options = options
    this.id = options.id
    this.plan = options.plan
    this.tally = createTally()
    this.#make = createSegmentMaker(options.plan, options.staging)
    this.#look = createEncoderLook(options.plan)
    this.#text = createSessionText({ ...options, nodes: () => this.#nodeIds })
    this.#session = new Session(sessionSpec(options))
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#lastNodeMs = options.now()
    this.#ticker = setInterval(() => this.#tick(), tickMs)
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
    this.#nodes = null
    this.#text.nodeLost(node)
    this.#options.carrier.nodeLost(node)
    this.#handle({ type: 'node-lost', node })
  }

  throttle(on: boolean): void {
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

  async store(attempt: string, segment: number, bytes: Buffer): Promise<string | null> {
    const lease = this.#options.carrier.lease(attempt)
    if (!lease) return 'the lease is over'
    const judged = judgeSegment(this.plan, lease.part, segment, bytes)
    if (!judged.ok) return judged.why
    let difference = this.#look.difference(lease.part, bytes)
    if (difference !== null) return difference
    // It may have been cut, or the other copy may have come, while the bytes were on their way.
    const isWanted = () => this.verdict(attempt, segment) === 'accept'
    const isKept = () => {
      if (!isWanted()) return false
      difference = this.#look.settle(lease.part, bytes)
      return difference === null
    }
    if (!isWanted() || !(await this.#stage(lease.part, segment, bytes, isKept))) return difference
    this.tally.arrived(lease, segment)
    this.#handle({ type: 'segment-arrived', attempt, segment, short: judged.short })
    return null
  }

  /** A full disk may have room again, and the node tries again; with any other fault of it the session ends. */
  async #stage(part: string, segment: number, bytes: Buffer, isWanted: () => boolean): Promise<boolean> {
    try {
      const isKept = await this.#options.staging.put(part, segment, bytes, isWanted)
      if (this.tally.goesOn(noRoom)) this.#options.onFull(false)
      return isKept
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOSPC' && code !== 'EDQUOT') this.#breakOff(error as Error)
      else if (this.tally.waits(noRoom)) this.#options.onFull(true)
      throw error
    }
  }

  leaseEnded(report: EndedReport): void {
    if (this.#text.ended(report)) return
    const { attempt, outcome, next, stderr, exitCode } = report
    const lease = this.#options.carrier.lease(attempt)
    if (lease) this.#options.carrier.close(attempt, report)
    const reason = stderr.trim() === '' ? `ffmpeg ended with ${exitCode}` : stderr.trim()
    this.#handle({ type: 'lease-ended', attempt, outcome, next, reason })
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
      for (const action of this.#session.handle(event, this.#options.now())) this.#do(action)
    } catch (error) {
      // One session's fault must not end the others.
      this.#breakOff(error as Error)
    }
  }

  #tick(): void {
    const { now, mode, isNodeComing } = this.#options
    if (this.#nodeIds.length > 0 || isNodeComing?.()) this.#lastNodeMs = now()
    const patienceMs = mode === 'stream' ? streamPatienceMs : filePatienceMs
    if (now() - this.#lastNodeMs > patienceMs) this.#breakOff(new Error('no node is left'))
    else this.#handle({ type: 'tick' })
  }

  #do(action: SessionAction): void {
    switch (action.type) {
      case 'grant':
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
    try {
      const last = this.#session.view(this.#options.now()).endSegment === segment + 1
      const { timeline } = this.plan
      const end = this.#text.inside && slotSeconds(timeline, boundarySlot(timeline, segment + 1))
      const inside = await this.#text.inside?.until(last ? Number.POSITIVE_INFINITY : (end ?? 0))
      const made = await this.#make.make(segment, last, inside)
      const text = await this.#text.beside?.until(last ? Number.POSITIVE_INFINITY : made.endSeconds)
      if (this.#over) return
      await this.#options.output.publish({ ...made, ...(text && { text }) })
      this.tally.published(made)
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

/** Sound with a grid of its own has files of its own. */
function ownFiles(plan: Plan): Pick<SessionPart, 'own'> {
  const grid = soundTimeline(plan)
  if (grid === plan.timeline) return {}
  return {
    own: {
      upTo: (segment) => soundFilesUpTo(plan, segment),
      fileSeconds: (file) => segmentSeconds(grid, file),
      expectedEnd: expectedEndSegment(grid),
    },
  }
}

function sessionSpec(options: LiveSessionOptions) {
  const { plan, mode, attemptPrefix, policy = defaultPolicy } = options
  const parts: SessionPart[] = [{ name: 'video', sticky: false }]
  if (plan.audio) parts.push({ name: 'audio', sticky: true, ...ownFiles(plan) })
  return {
    parts,
    firstSegment: plan.timeline.firstSegment,
    // Asked again and again: a source that is copied is read while the session runs.
    get expectedEndSegment() {
      return expectedEndSegment(plan.timeline)
    },
    knownEndSegment: () => knownEndSegment(plan.timeline),
    segmentSeconds: (segment: number) => segmentSeconds(plan.timeline, segment),
    mode,
    attemptPrefix,
    policy,
  }
}
