import type { GrantAction, SessionAction, Verdict } from '../actions.ts'
import type { SessionEvent } from '../events.ts'
import { spanSeconds } from '../span.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface VirtualNodeOptions {
  readonly id: string
  /** Seconds of source a second; the processes on a node share it. */
  readonly speed: number
  readonly startSeconds: number
  /** Names of parts that are sound: made `soundAgainstPictures` times as fast. */
  readonly sticky: ReadonlySet<string>
  readonly segmentSeconds: (segment: number) => number
  /** How much harder than usual a segment is. */
  readonly effort: (part: string, segment: number) => number
  /** Where each part really ends. */
  readonly ends: ReadonlyMap<string, number>
}

/** What may go wrong; every answer is asked for in order, so that a schedule can be replayed. */
export interface Trouble {
  /** Milliseconds until an order or a segment has arrived; a lost one that is sent again takes longer. */
  latencyMs(): number
  arrivesTwice(): boolean
  /** Whether this lease breaks instead of making `segment`. */
  breaks(attempt: string, part: string, segment: number): boolean
  /** Whether this lease never goes on from `segment`. */
  hangs(attempt: string, node: string, segment: number): boolean
}

/** The head as a node sees it. */
export interface VirtualHead {
  readonly clock: VirtualClock
  readonly trouble: Trouble
  offer(node: string, attempt: string, segment: number, short: boolean): Verdict
  report(node: string, event: SessionEvent): void
}

interface Process {
  readonly grant: GrantAction
  /** Seconds of the whole node that the segment in hand still takes; null while it starts, waits or has ended. */
  leftSeconds: number | null
  to: number
  until: number
  making: number
  delivered: number
  inFlight: number
  isRunning: boolean
  isCut: boolean
  outcome: 'clean' | 'stopped' | 'failed' | null
}

/** Sound is made so many times faster than pictures on the same node (measured: 37x against 1.8x). */
const soundAgainstPictures = 20

/** A node agent and its encoders, without the encoding. */
export class VirtualNode {
  readonly options: VirtualNodeOptions
  isAlive = true
  /** Picture segments made, of any attempt. */
  made = 0
  /** Against its usual speed; 0 while everything on it stands still. */
  #pace = 1
  #settledMs = 0
  /** Counts the plans for what comes next: only the last one holds. */
  #plans = 0
  readonly #head: VirtualHead
  readonly #processes = new Map<string, Process>()

  constructor(options: VirtualNodeOptions, head: VirtualHead) {
    this.options = options
    this.#head = head
  }

  die(): void {
    this.isAlive = false
    this.#processes.clear()
  }

  /** From now on it is so many times as fast as usual. */
  setPace(pace: number): void {
    this.#settle()
    this.#pace = pace
    this.#plan()
  }

  /** Seconds of source that its picture processes have made since the first segment of each, as a node reports them. */
  progress(): { readonly attempt: string; readonly madeSeconds: number }[] {
    if (!this.isAlive) return []
    this.#settle()
    const pictures = [...this.#processes.values()].filter(({ grant }) => !this.options.sticky.has(grant.part))
    return pictures.map((process) => {
      const { grant, making, leftSeconds } = process
      const whole = spanSeconds(this.options.segmentSeconds, grant.from, making)
      const inHand =
        leftSeconds === null ? 0 : this.options.segmentSeconds(making) - leftSeconds * this.options.speed
      return { attempt: grant.attempt, madeSeconds: whole + Math.max(0, inHand) }
    })
  }

  obey(order: SessionAction): void {
    if (!this.isAlive) return
    if (order.type === 'grant') this.#start(order)
    if (order.type !== 'cut' && order.type !== 'extend' && order.type !== 'cancel') return
    const process = this.#processes.get(order.attempt)
    if (!process) return
    if (order.type === 'cancel') {
      this.#settle()
      this.#processes.delete(order.attempt)
      this.#plan()
    }
    if (order.type === 'cut') {
      process.to = Math.min(process.to, order.at)
      process.isCut = true
      if (process.making >= process.to) this.#end(process, 'stopped')
    }
    if (order.type === 'extend') {
      process.until = order.until
      if (!process.isRunning) this.#next(process)
    }
  }

  #start(grant: GrantAction): void {
    const { from, to, until } = grant
    const process: Process = {
      ...{ grant, to, until, making: from, delivered: from, inFlight: 0 },
      ...{ leftSeconds: null, isRunning: true, isCut: false, outcome: null },
    }
    this.#processes.set(grant.attempt, process)
    this.#head.clock.after(this.options.startSeconds * 1000, () => {
      if (this.isAlive && this.#processes.get(grant.attempt) === process) this.#next(process)
    })
  }

  #next(process: Process): void {
    const { grant, making } = process
    process.isRunning = false
    if (process.outcome !== null) return
    const outcome = this.#outcomeAt(process)
    if (outcome !== null) this.#end(process, outcome)
    if (outcome !== null || making >= process.until) return
    process.isRunning = true
    if (this.#head.trouble.hangs(grant.attempt, this.options.id, making)) return
    this.#settle()
    process.leftSeconds = this.#segmentSeconds(process)
    this.#plan()
  }

  /** Its processes share the node evenly. */
  #working(): Process[] {
    return [...this.#processes.values()].filter((process) => process.leftSeconds !== null)
  }

  #settle(): void {
    const { nowMs } = this.#head.clock
    const working = this.#working()
    const seconds = ((nowMs - this.#settledMs) / 1000) * (this.#pace / Math.max(1, working.length))
    for (const process of working) process.leftSeconds = process.leftSeconds! - seconds
    this.#settledMs = nowMs
  }

  #plan(): void {
    const plan = ++this.#plans
    const working = this.#working()
    if (working.length === 0 || this.#pace === 0) return
    const least = Math.max(0, Math.min(...working.map((process) => process.leftSeconds!)))
    this.#head.clock.after(((least * working.length) / this.#pace) * 1000, () => {
      if (!this.isAlive || plan !== this.#plans) return
      this.#settle()
      for (const process of working) if (process.leftSeconds! < 1e-6) this.#finish(process)
      this.#plan()
    })
  }

  #finish(process: Process): void {
    const segment = process.making
    if (!this.options.sticky.has(process.grant.part)) this.made += 1
    process.leftSeconds = null
    process.making = segment + 1
    this.#deliver(process, segment)
    this.#next(process)
  }

  /** How the process ends here, if it does. */
  #outcomeAt({ grant, making, to, isCut }: Process): Process['outcome'] {
    if (making >= to) return isCut ? 'stopped' : 'clean'
    if (making >= this.options.ends.get(grant.part)!) return 'clean'
    return this.#head.trouble.breaks(grant.attempt, grant.part, making) ? 'failed' : null
  }

  #segmentSeconds(process: Process): number {
    const { grant, making } = process
    const alone =
      (this.options.segmentSeconds(making) / this.options.speed) * this.options.effort(grant.part, making)
    return alone / (this.options.sticky.has(grant.part) ? soundAgainstPictures : 1)
  }

  #deliver(process: Process, segment: number): void {
    const { clock, trouble } = this.#head
    const { attempt, part } = process.grant
    const short = segment === this.options.ends.get(part)! - 1
    const times = trouble.arrivesTwice() ? 2 : 1
    process.inFlight += times
    for (let time = 0; time < times; time += 1) {
      // Bytes that left the node may arrive after its death.
      clock.after(trouble.latencyMs(), () => {
        const verdict = this.#head.offer(this.options.id, attempt, segment, short)
        process.inFlight -= 1
        if (verdict === 'accept' || verdict === 'duplicate') {
          process.delivered = Math.max(process.delivered, segment + 1)
        } else if (process.outcome === null) this.#end(process, 'stopped')
        this.#reportWhenDelivered(process)
      })
    }
  }

  #end(process: Process, outcome: 'clean' | 'stopped' | 'failed'): void {
    this.#settle()
    process.outcome = outcome
    process.isRunning = false
    process.leftSeconds = null
    this.#plan()
    this.#reportWhenDelivered(process)
  }

  #reportWhenDelivered(process: Process): void {
    const { attempt } = process.grant
    const { outcome } = process
    if (outcome === null || process.inFlight > 0 || this.#processes.get(attempt) !== process) return
    this.#processes.delete(attempt)
    const event = { type: 'lease-ended', attempt, outcome, next: process.delivered } as const
    this.#head.clock.after(this.#head.trouble.latencyMs(), () => {
      if (this.isAlive) this.#head.report(this.options.id, event)
    })
  }
}
