import type { GrantOrder, LeaseOrder, LeaseProgress, OrderReply } from '../cluster/messages.ts'
import { faultOfGrant } from './lease-arguments.ts'
import { type LeaseEnd, type LeaseRun, type LeaseTools, startLease } from './lease-run.ts'

export interface LeaseTableOptions {
  readonly tools: LeaseTools
  /** A lease is over. It stays in the table until the promise resolves: when the head has been told. */
  onEnded(end: LeaseEnd): Promise<void>
  /** What {@link onEnded} threw. The lease leaves the table all the same. */
  onFault(error: unknown): void
  /** The table became empty, or is no longer. */
  onIdle(idle: boolean): void
}

/** The leases of one agent by their attempt, and what orders do to them. */
export class LeaseTable {
  private readonly options: LeaseTableOptions
  private readonly runs = new Map<string, LeaseRun>()
  private readonly endings = new Set<Promise<void>>()
  private closing = false

  constructor(options: LeaseTableOptions) {
    this.options = options
  }

  /** Carries out an order; the answer to a grant is ready as soon as ffmpeg has been started. */
  handle(order: LeaseOrder): OrderReply {
    if (order.type === 'grant') return this.grant(order)
    const run = this.runs.get(order.attempt)
    if (run === undefined) return refusal('unknown-attempt', order.attempt)
    if (order.type === 'cancel') run.drop('cancelled')
    else if (order.type === 'cut' && isSegment(order.at)) run.cut(order.at)
    else if (order.type === 'extend' && isSegment(order.until)) run.extend(order.until)
    else return refusal('bad-order', `what is ${JSON.stringify(order)}?`)
    return { ok: true }
  }

  progress(): readonly LeaseProgress[] {
    return [...this.runs.values()].map((run) => run.progress())
  }

  /** Drops all leases: none of them is wanted any more. */
  dropAll(reason: string): void {
    for (const run of this.runs.values()) run.drop(reason)
  }

  /** Drops all leases and takes no more; resolves when every ffmpeg is gone and the head has been told. */
  async close(): Promise<void> {
    this.closing = true
    this.dropAll('the agent stops')
    await Promise.all(this.endings)
  }

  private grant(order: GrantOrder): OrderReply {
    if (this.closing) return refusal('stopping', 'the agent stops')
    // The head asks again when an answer was lost.
    if (this.runs.has(order.attempt)) return { ok: true }
    const { confinement, files } = this.options.tools
    const fault = faultOfGrant(order) ?? confinement.faultOf(order.args)
    const fetched = files.of(order)
    const run = fault === undefined ? startLease(order, this.options.tools) : undefined
    if (run === undefined || run instanceof Error) this.dropFiles(order.attempt)
    if (run === undefined) return refusal('bad-order', fault ?? '')
    if (run instanceof Error) {
      return refusal(fetched instanceof Error ? 'no-files' : 'spawn-failed', run.message)
    }
    this.runs.set(order.attempt, run)
    if (this.runs.size === 1) this.options.onIdle(false)
    const ending = this.follow(run)
      .catch((error: unknown) => this.options.onFault(error))
      .finally(() => this.endings.delete(ending))
    this.endings.add(ending)
    return { ok: true }
  }

  private dropFiles(attempt: string): void {
    this.options.tools.files.drop(attempt).catch((error: unknown) => this.options.onFault(error))
  }

  private async follow(run: LeaseRun): Promise<void> {
    const end = await run.ended
    this.dropFiles(run.attempt)
    try {
      await this.options.onEnded(end)
    } finally {
      this.runs.delete(run.attempt)
      if (this.runs.size === 0) this.options.onIdle(true)
    }
  }
}

function isSegment(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function refusal(
  code: 'unknown-attempt' | 'bad-order' | 'spawn-failed' | 'no-files' | 'stopping',
  message: string,
): OrderReply {
  return { ok: false, code, message }
}
