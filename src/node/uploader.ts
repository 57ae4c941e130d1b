import { dataPlane } from '../cluster/messages.ts'
import type { HeadClient } from './head-client.ts'
import type { Pauses } from './pauses.ts'
import { backoffMs } from './retry.ts'
import type { SegmentBudget } from './segment-budget.ts'
import type { WholeSegment } from './segment-intake.ts'

export interface UploaderOptions {
  readonly attempt: string
  readonly client: HeadClient
  readonly budget: SegmentBudget
  /** Woken when the head is back. */
  readonly pauses: Pauses
  onDelivered(number: number): void
  /** Called with the bytes that went through memory. */
  handled(bytes: number): void
  /** The head wants nothing more of this lease. Called once, after which nothing more is sent. */
  onGone(message: string): void
  /** The head will never take this segment. Called once, after which nothing more is sent. */
  onRefused(message: string): void
}

type PutResult = 'stored' | 'again' | { readonly over: 'gone' | 'refused'; readonly message: string }

/** Delivers the whole segments of one lease to the head, in order, and asks again for as long as it takes. */
export class Uploader {
  private readonly options: UploaderOptions
  private readonly queue: WholeSegment[] = []
  private readonly stopped = new AbortController()
  private delivering = false
  private run = Promise.resolve()

  constructor(options: UploaderOptions) {
    this.options = options
  }

  push(segment: WholeSegment): void {
    if (this.stopped.signal.aborted) {
      this.options.budget.release(segment.bytes)
      return
    }
    this.queue.push(segment)
    if (this.delivering) return
    this.delivering = true
    this.run = this.deliverAll()
  }

  /** Forgets the segments >= `at` that are not on their way yet. */
  dropFrom(at: number): void {
    const kept = this.queue.filter((segment, index) => index === 0 || segment.number < at)
    const dropped = this.queue.filter((segment) => !kept.includes(segment))
    this.queue.splice(0, this.queue.length, ...kept)
    for (const segment of dropped) this.options.budget.release(segment.bytes)
  }

  /** Gives up everything that is not delivered. */
  stop(): void {
    this.stopped.abort()
  }

  /** Resolves when nothing is left to deliver: all of it is at the head, or given up. */
  drained(): Promise<void> {
    return this.run
  }

  private async deliverAll(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const segment = this.queue[0]
      if (segment === undefined || (await this.deliver(segment)) === 'given-up') break
      this.queue.shift()
      this.options.budget.release(segment.bytes)
      this.options.onDelivered(segment.number)
      this.options.handled(segment.bytes)
    }
    for (const segment of this.queue.splice(0)) this.options.budget.release(segment.bytes)
    this.delivering = false
  }

  private async deliver(segment: WholeSegment): Promise<'delivered' | 'given-up'> {
    const { signal } = this.stopped
    const { pauses } = this.options
    for (let retry = 0; !signal.aborted; retry += 1) {
      const { wakings } = pauses
      const result = await this.put(segment)
      if (result === 'stored') return 'delivered'
      if (result === 'again') {
        // A head that is back may have to think of it for a moment.
        if (await pauses.pause(backoffMs(retry, 50, 2_000), signal, wakings)) retry = -1
      } else {
        this.stop()
        if (result.over === 'gone') this.options.onGone(result.message)
        else this.options.onRefused(result.message)
      }
    }
    return 'given-up'
  }

  private async put(segment: WholeSegment): Promise<PutResult> {
    const { attempt, client } = this.options
    try {
      const response = await client.request({
        method: 'PUT',
        path: dataPlane.segment(attempt, segment.number),
        headers: {
          'content-type': 'application/octet-stream',
          'content-length': segment.bytes,
          [dataPlane.digestHeader]: `sha-256=${segment.sha256}`,
        },
        body: segment.chunks,
        signal: this.stopped.signal,
      })
      const status = response.statusCode ?? 0
      response.resume()
      return judge(status, segment.number)
    } catch {
      // The network failed, or this uploader was stopped: the loop above tells which.
      return 'again'
    }
  }
}

function judge(status: number, number: number): PutResult {
  if (status === 200 || status === 201) return 'stored'
  if (status >= 500 || status === 408 || status === 429) return 'again'
  const over = [401, 403, 409, 410].includes(status) ? 'gone' : 'refused'
  return { over, message: `the head answers ${status} to segment ${number}` }
}
