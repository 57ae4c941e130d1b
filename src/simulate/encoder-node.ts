import type { SessionAction, Verdict } from '../session/actions.ts'
import type { SessionEvent } from '../session/events.ts'
import type { Clock, Planned } from './clock.ts'

/** What a node needs to know of a session, and whom it delivers to. */
export interface EncoderJob {
  /** Seconds of the whole node for a segment of a part. */
  readonly workSeconds: (part: string, segment: number) => number
  /** One past the last segment that there is. */
  readonly endSegment: number
  offer(attempt: string, segment: number, short: boolean): Verdict
  report(event: SessionEvent): void
}

interface Process {
  readonly attempt: string
  readonly part: string
  readonly job: EncoderJob
  /** Seconds of the whole node that the segment in hand still takes; null while it starts, waits or has ended. */
  leftSeconds: number | null
  from: number
  to: number
  until: number
  making: number
  delivered: number
  inFlight: number
  isCut: boolean
  outcome: 'clean' | 'stopped' | null
}

/** What starting ffmpeg costs (0.3-0.5 s of CPU, measured), and what an order and a segment take on the way. */
const startMs = 400
const orderMs = 5
const deliveryMs = 20

/** A node's agent and its encoders, without the encoding: leases are obeyed as the real agent does. */
export class EncoderNode {
  readonly id: string
  readonly #clock: Clock
  readonly #onChange: (leases: number, isBusy: boolean) => void
  readonly #processes = new Map<string, Process>()
  #settledMs = 0
  #next: Planned | null = null
  #isUp = true

  constructor(id: string, clock: Clock, onChange: (leases: number, isBusy: boolean) => void) {
    this.id = id
    this.#clock = clock
    this.#onChange = onChange
  }

  get leases(): number {
    return this.#processes.size
  }

  /** Its power goes: everything on it is gone. */
  cutOff(): void {
    this.#isUp = false
    this.#processes.clear()
    this.#next?.cancel()
  }

  comeUp(): void {
    this.#isUp = true
    this.#settledMs = this.#clock.nowMs
  }

  /** An order is on its way. */
  order(action: Exclude<SessionAction, { type: 'publish' | 'finish' | 'fail' }>, job: EncoderJob): void {
    this.#clock.after(orderMs, () => {
      if (this.#isUp) this.#obey(action, job)
    })
  }

  /** Seconds of source that an attempt has made, as its beats tell. */
  madeSeconds(attempt: string, segmentSeconds: number): number {
    const process = this.#processes.get(attempt)
    if (!process) return 0
    this.#settle()
    const { from, making, leftSeconds, job, part } = process
    const share = leftSeconds === null ? 0 : 1 - leftSeconds / job.workSeconds(part, making)
    return (making - from + Math.max(0, share)) * segmentSeconds
  }

  #obey(action: Parameters<EncoderNode['order']>[0], job: EncoderJob): void {
    if (action.type === 'grant') {
      const { attempt, part, from, to, until } = action
      const process: Process = {
        ...{ attempt, part, job, from, to, until, making: from, delivered: from },
        ...{ leftSeconds: null, inFlight: 0, isCut: false, outcome: null },
      }
      this.#processes.set(attempt, process)
      this.#tell()
      this.#clock.after(startMs, () => {
        if (this.#processes.get(attempt) === process) this.#goOn(process)
      })
      return
    }
    const process = this.#processes.get(action.attempt)
    if (!process) return
    if (action.type === 'cancel') {
      this.#settle()
      this.#processes.delete(action.attempt)
      this.#plan()
    } else if (action.type === 'cut') {
      process.to = Math.min(process.to, action.at)
      process.isCut = true
      if (process.making >= process.to && process.outcome === null) this.#end(process, 'stopped')
    } else {
      const waits = process.leftSeconds === null && process.making > process.from
      process.until = action.until
      if (waits && process.outcome === null) this.#goOn(process)
    }
  }

  #goOn(process: Process): void {
    if (process.outcome !== null || process.leftSeconds !== null) return
    const { making, to, until, job, isCut, part } = process
    if (making >= to || making >= job.endSegment) {
      this.#end(process, isCut && making >= to ? 'stopped' : 'clean')
      return
    }
    if (making < until) {
      this.#settle()
      process.leftSeconds = job.workSeconds(part, making)
    }
    this.#plan()
  }

  #working(): Process[] {
    return [...this.#processes.values()].filter(({ leftSeconds }) => leftSeconds !== null)
  }

  /** Its processes share the node evenly. */
  #settle(): void {
    const working = this.#working()
    const seconds = (this.#clock.nowMs - this.#settledMs) / 1000 / Math.max(1, working.length)
    for (const process of working) process.leftSeconds = process.leftSeconds! - seconds
    this.#settledMs = this.#clock.nowMs
  }

  #plan(): void {
    this.#next?.cancel()
    const working = this.#working()
    this.#tell()
    if (working.length === 0) return
    const least = Math.max(0, Math.min(...working.map(({ leftSeconds }) => leftSeconds!)))
    this.#next = this.#clock.after(least * working.length * 1000, () => {
      this.#settle()
      for (const process of working) if (process.leftSeconds! < 1e-6) this.#finish(process)
      this.#plan()
    })
  }

  #finish(process: Process): void {
    const segment = process.making
    process.leftSeconds = null
    process.making = segment + 1
    process.inFlight += 1
    this.#clock.after(deliveryMs, () => this.#deliver(process, segment))
    this.#goOn(process)
  }

  #deliver(process: Process, segment: number): void {
    const { attempt, job } = process
    process.inFlight -= 1
    if (!this.#isUp) return
    const verdict = job.offer(attempt, segment, segment === job.endSegment - 1)
    if (verdict === 'accept' || verdict === 'duplicate') {
      process.delivered = Math.max(process.delivered, segment + 1)
    } else if (process.outcome === null && this.#processes.get(attempt) === process) {
      this.#end(process, 'stopped')
    }
    this.#reportWhenDelivered(process)
  }

  #end(process: Process, outcome: 'clean' | 'stopped'): void {
    this.#settle()
    process.outcome = outcome
    process.leftSeconds = null
    this.#plan()
    this.#reportWhenDelivered(process)
  }

  #reportWhenDelivered(process: Process): void {
    const { attempt, outcome, inFlight, delivered, job } = process
    if (outcome === null || inFlight > 0 || this.#processes.get(attempt) !== process) return
    this.#processes.delete(attempt)
    this.#tell()
    this.#clock.after(orderMs, () => job.report({ type: 'lease-ended', attempt, outcome, next: delivered }))
  }

  #tell(): void {
    this.#onChange(this.#processes.size, this.#working().length > 0)
  }
}
