import type { SessionAction, Verdict } from '../actions.ts'
import type { SessionEvent } from '../events.ts'
import { Session } from '../session.ts'
import { defaultPolicy, type SessionPolicy, type SessionSpec } from '../spec.ts'
import { Ledger } from './ledger.ts'
import { VirtualClock } from './virtual-clock.ts'
import { type Trouble, VirtualNode } from './virtual-node.ts'

export interface ClusterNode {
  readonly id: string
  /** Seconds of source a second. */
  readonly speed: number
  /** Whether the head has measured that speed before. */
  readonly isKnown?: boolean
}

export interface ClusterOptions {
  readonly nodes: readonly ClusterNode[]
  /** Those that are there from the start; all unless told. */
  readonly present?: readonly string[]
  readonly mode: 'stream' | 'file'
  readonly segmentSeconds?: number
  readonly firstSegment?: number
  readonly expectedEndSegment: number
  /** Where each part really ends; the first one is the reference. Parts named `audio...` are sticky. */
  readonly ends: Readonly<Record<string, number>>
  readonly policy?: Partial<SessionPolicy>
  readonly startSeconds?: number
  readonly trouble?: Partial<Trouble>
  readonly publishMs?: number
  /** How much harder than usual a segment is for a node; asked each time that one is made. */
  readonly effort?: (node: string, part: string, segment: number) => number
  /** Whether nodes report how far they are, every second; they do unless told. */
  readonly reports?: boolean
}

const noTrouble: Trouble = {
  latencyMs: () => 1,
  arrivesTwice: () => false,
  breaks: () => false,
  hangs: () => false,
}

const tickMs = 500
const beatMs = 1000

/** A session, its nodes and its publisher on a virtual clock; everything it orders goes through the ledger. */
export class VirtualCluster {
  readonly clock = new VirtualClock()
  readonly trouble: Trouble
  readonly session: Session
  readonly ledger: Ledger
  readonly nodes = new Map<string, VirtualNode>()
  /** Every action, with its time. */
  readonly log: { readonly atMs: number; readonly action: SessionAction }[] = []
  /** Whole segments that nobody wanted. */
  refused = 0
  finishedMs: number | null = null
  readonly #options: ClusterOptions
  readonly #spec: SessionSpec
  readonly #short = new Map<string, number>()
  /** When the last order of an attempt arrives. */
  readonly #lastOrderMs = new Map<string, number>()

  constructor(options: ClusterOptions) {
    this.#options = options
    this.trouble = { ...noTrouble, ...options.trouble }
    const ends = new Map(Object.entries(options.ends))
    this.#spec = {
      parts: [...ends.keys()].map((name) => ({ name, sticky: name.startsWith('audio') })),
      firstSegment: options.firstSegment ?? 0,
      expectedEndSegment: options.expectedEndSegment,
      segmentSeconds: () => options.segmentSeconds ?? 2,
      mode: options.mode,
      attemptPrefix: 'boot',
      policy: { ...defaultPolicy, ...options.policy },
    }
    this.session = new Session(this.#spec)
    this.ledger = new Ledger(this.#spec, ends)
    for (const node of options.nodes) this.#addNode(node)
  }

  /** Lists the nodes and runs until the session is over or the time is up. */
  run(limitSeconds = 10_000): this {
    this.start()
    while (this.finishedMs === null && this.clock.step(limitSeconds * 1000));
    return this
  }

  start(): void {
    this.list(this.#options.present ?? this.#options.nodes.map((node) => node.id))
    const tick = () => {
      this.tell({ type: 'tick' })
      if (this.finishedMs === null) this.clock.after(tickMs, tick)
    }
    this.clock.after(tickMs, tick)
    if (this.#options.reports !== false) this.clock.after(beatMs, () => this.#beat())
  }

  #beat(): void {
    for (const node of this.nodes.values()) {
      for (const each of node.progress()) this.tell({ type: 'lease-progress', ...each })
    }
    if (this.finishedMs === null) this.clock.after(beatMs, () => this.#beat())
  }

  list(ids: readonly string[]): void {
    this.ledger.listed = new Set(ids)
    const nodes = this.#options.nodes.filter((node) => ids.includes(node.id))
    this.tell({
      type: 'nodes-changed',
      nodes: nodes.map(({ id, speed, isKnown }) => ({ id, cores: 1, ...(isKnown ? { speed } : {}) })),
    })
  }

  /** The node dies now; the session hears of it later. */
  kill(id: string, noticeMs: number): void {
    this.nodes.get(id)!.die()
    this.clock.after(noticeMs, () => {
      this.ledger.over((grant) => grant.node === id)
      this.ledger.listed.delete(id)
      this.tell({ type: 'node-lost', node: id })
    })
  }

  throttle(on: boolean): void {
    this.ledger.isThrottled = on
    this.tell({ type: 'throttle', on })
  }

  tell(event: SessionEvent): void {
    const actions = this.session.handle(event, this.clock.nowMs)
    this.ledger.check(actions, this.clock.nowMs)
    for (const action of actions) this.#carryOut(action)
  }

  offer(_node: string, attempt: string, segment: number, short: boolean): Verdict {
    const verdict = this.session.verdict(attempt, segment)
    if (verdict !== 'accept') {
      this.refused += 1
      return verdict
    }
    if (short) this.#short.set(attempt, segment)
    else this.ledger.arrived(attempt, segment, this.clock.nowMs)
    this.tell({ type: 'segment-arrived', attempt, segment, short })
    return verdict
  }

  report(_node: string, event: SessionEvent): void {
    if (event.type === 'lease-ended') {
      const short = this.#short.get(event.attempt)
      const isLive = this.ledger.liveAttempts().includes(event.attempt)
      if (isLive && event.outcome === 'clean' && short !== undefined && event.next === short + 1) {
        this.ledger.arrived(event.attempt, short, this.clock.nowMs)
      }
      this.ledger.over((grant) => grant.attempt === event.attempt)
    }
    this.tell(event)
  }

  #addNode(node: ClusterNode): void {
    const options = {
      ...{ id: node.id, speed: node.speed, startSeconds: this.#options.startSeconds ?? 0.4 },
      sticky: new Set(this.#spec.parts.filter((part) => part.sticky).map((part) => part.name)),
      segmentSeconds: this.#spec.segmentSeconds,
      effort: (part: string, segment: number) => this.#options.effort?.(node.id, part, segment) ?? 1,
      ends: new Map(Object.entries(this.#options.ends)),
    }
    this.nodes.set(node.id, new VirtualNode(options, this))
  }

  #carryOut(action: SessionAction): void {
    this.log.push({ atMs: this.clock.nowMs, action })
    switch (action.type) {
      case 'publish':
        this.clock.after(this.#options.publishMs ?? 1, () => {
          this.ledger.confirmed = action.segment + 1
          this.tell({ type: 'published', segment: action.segment })
        })
        return
      case 'finish':
      case 'fail':
        this.finishedMs = this.clock.nowMs
        return
      default: {
        this.clock.after(this.#orderMs(action.attempt), () => this.#nodeOf(action.attempt)?.obey(action))
      }
    }
  }

  /** One order may take longer than the next, but on one connection none overtakes another. */
  #orderMs(attempt: string): number {
    const { nowMs } = this.clock
    const arrivesMs = Math.max(nowMs + this.trouble.latencyMs(), this.#lastOrderMs.get(attempt) ?? 0)
    this.#lastOrderMs.set(attempt, arrivesMs)
    return arrivesMs - nowMs
  }

  #nodeOf(attempt: string): VirtualNode | undefined {
    const granted = this.log.find(
      ({ action }) => action.type === 'grant' && action.attempt === attempt,
    )?.action
    return granted?.type === 'grant' ? this.nodes.get(granted.node) : undefined
  }
}
