import type { GrantAction, SessionAction, Verdict } from '../actions.ts'
import type { SessionEvent } from '../events.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface VirtualNodeOptions {
  readonly id: string
  /** Seconds of source a second; the processes on a node share it. */
  readonly speed: number
  readonly startSeconds: number
  /** Names of parts that are sound: made `soundAgainstPictures` times as fast. */
  readonly sticky: ReadonlySet<string>
  readonly segmentSeconds: (segment: number) => number
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
  /** Segments made, of any attempt, and seconds of encoding. */
  made = 0
  busySeconds = 0
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

  obey(order: SessionAction): void {
    if (!this.isAlive) return
    if (order.type === 'grant') this.#start(order)
    if (order.type !== 'cut' && order.type !== 'extend' && order.type !== 'cancel') return
    const process = this.#processes.get(order.attempt)
    if (!process) return
    if (order.type === 'cancel') this.#processes.delete(order.attempt)
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
      ...{ isRunning: true, isCut: false, outcome: null },
    }
    this.#processes.set(grant.attempt, process)
    this.#later(process, this.options.startSeconds, () => this.#next(process))
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
    const seconds = this.#segmentSeconds(process)
    this.busySeconds += seconds
    this.#later(process, seconds, () => {
      this.made += 1
      process.making = making + 1
      this.#deliver(process, making)
      this.#next(process)
    })
  }

  /** How the process ends here, if it does. */
  #outcomeAt({ grant, making, to, isCut }: Process): Process['outcome'] {
    if (making >= to) return isCut ? 'stopped' : 'clean'
    if (making >= this.options.ends.get(grant.part)!) return 'clean'
    return this.#head.trouble.breaks(grant.attempt, grant.part, making) ? 'failed' : null
  }

  #segmentSeconds(process: Process): number {
    const source = this.options.segmentSeconds(process.making)
    const sharing = [...this.#processes.values()].filter((other) => other.isRunning)
    const alone = source / this.options.speed
    const isSound = this.options.sticky.has(process.grant.part)
    return (alone * Math.max(1, sharing.length)) / (isSound ? soundAgainstPictures : 1)
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
    process.outcome = outcome
    process.isRunning = false
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

  #later(process: Process, seconds: number, run: () => void): void {
    this.#head.clock.after(seconds * 1000, () => {
      if (this.isAlive && this.#processes.get(process.grant.attempt) === process) run()
    })
  }
}
