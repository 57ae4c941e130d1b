import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SegmentBudget } from './segment-budget.ts'

export interface WholeSegment {
  readonly number: number
  readonly chunks: readonly Buffer[]
  readonly bytes: number
  /** Lower-case hexadecimal digits. */
  readonly sha256: string
}

export interface SegmentIntakeOptions {
  readonly from: number
  readonly to: number
  readonly until: number
  readonly budget: SegmentBudget
  /** A segment is whole: in order, without gaps. */
  onWhole(segment: WholeSegment): void
  /** All segments that are wanted are whole; ffmpeg may go. */
  onEnough(): void
  /** ffmpeg did something that it should not have. */
  onFault(message: string): void
}

/** One POST of ffmpeg. It sends the body when `proceed` tells it to (100 Continue). */
interface Offer {
  readonly number: number
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly proceed: () => void
}

/** No segment of a sane stream is larger; a runaway one must not fill the memory. */
const mostSegmentBytes = 256 * 1024 * 1024

/**
 * Takes the segments of one lease from ffmpeg, one after the other. A segment beyond the credit is accepted as a
 * connection and not told to go on: ffmpeg waits. Once its body flows it must be read to the end, for ffmpeg
 * closes the connection without waiting for an answer, and Node drops what a paused request has not read by then.
 * A segment is whole when its HTTP message is; a torn one is dropped, and nothing is taken after it.
 */
export class SegmentIntake {
  /** A body ended before its time. */
  torn = false
  /** Bytes that have come so far. */
  receivedBytes = 0
  /** A body ended before it began. */
  private empty = false
  private readonly options: SegmentIntakeOptions
  private readonly offers: Offer[] = []
  private active: Offer | undefined
  /** ffmpeg has been told to send the active one's body. */
  private proceeding = false
  private nextOffered: number
  private nextWhole: number
  private until: number
  private cutAt = Number.POSITIVE_INFINITY
  private closed = false
  /** Of the active offer, for room in the budget. */
  private stopWaiting: () => void = () => {}
  private readonly settledListeners: (() => void)[] = []

  constructor(options: SegmentIntakeOptions) {
    this.options = options
    this.nextOffered = options.from
    this.nextWhole = options.from
    this.until = options.until
  }

  offer(offer: Offer): void {
    const { request, number } = offer
    if (this.closed) {
      request.socket.destroy()
      return
    }
    request.once('close', () => this.left(offer))
    if (number !== this.nextOffered) {
      this.options.onFault(`ffmpeg sent segment ${number} where ${this.nextOffered} was due`)
      return
    }
    this.nextOffered += 1
    this.offers.push(offer)
    this.takeNext()
  }

  /** The credit is now so much. What has been begun is finished whatever it is. */
  extend(until: number): void {
    this.until = until
    this.takeNext()
  }

  /** No segment >= `at` is wanted. */
  cut(at: number): void {
    this.cutAt = Math.min(this.cutAt, at)
    if (this.nextWhole >= this.cutAt) this.options.onEnough()
  }

  /** Drops what is not whole, and takes nothing more. */
  close(): void {
    this.closed = true
    const open = this.active === undefined ? [...this.offers] : [this.active, ...this.offers]
    for (const offer of open) {
      offer.request.socket.destroy()
      this.left(offer)
    }
  }

  /** ffmpeg has a segment to send that may not come yet: it waits for credit, or for room. */
  get holds(): boolean {
    return this.active === undefined ? this.offers.length > 0 : !this.proceeding
  }

  /** Resolves when no segment that ffmpeg offered is outstanding. */
  settled(): Promise<void> {
    if (this.active === undefined && this.offers.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.settledListeners.push(resolve))
  }

  private takeNext(): void {
    const next = this.offers[0]
    if (this.closed || this.active !== undefined || next === undefined) return
    if (this.torn || this.empty) {
      const what = this.empty ? 'left segment' : 'broke off segment'
      this.options.onFault(`ffmpeg ${what} ${next.number - 1}${this.empty ? ' empty' : ''} and went on`)
      return
    }
    if (next.number >= this.options.to) {
      this.options.onEnough()
      return
    }
    if (next.number >= Math.min(this.until, this.cutAt)) return
    this.offers.shift()
    this.active = next
    this.read(next)
  }

  private read(offer: Offer): void {
    const { request, number } = offer
    const { budget } = this.options
    const chunks: Buffer[] = []
    const hash = createHash('sha256')
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      hash.update(chunk)
      bytes += chunk.length
      this.receivedBytes += chunk.length
      budget.add(chunk.length)
      if (bytes > mostSegmentBytes) this.options.onFault(`segment ${number} is too large`)
    })
    request.once('end', () => {
      if (this.active !== offer || !request.complete) return
      this.active = undefined
      offer.response.writeHead(201, { connection: 'close' }).end()
      if (bytes === 0) this.nothing()
      else this.whole({ number, chunks, bytes, sha256: hash.digest('hex') })
    })
    request.once('close', () => {
      if (this.nextWhole <= number) budget.release(bytes)
    })
    this.proceeding = false
    this.stopWaiting = budget.whenRoom(() => {
      this.proceeding = true
      offer.proceed()
    })
  }

  private whole(segment: WholeSegment): void {
    this.nextWhole = segment.number + 1
    this.options.onWhole(segment)
    if (this.nextWhole >= this.cutAt) this.options.onEnough()
    else this.takeNext()
    this.announceSettled()
  }

  /** ffmpeg opens a lease's first segment before it knows that the input ends before: there is no segment then. */
  private nothing(): void {
    this.empty = true
    this.takeNext()
    this.announceSettled()
  }

  /** The connection of an offer is gone; that is as it should be when its segment was whole. */
  private left(offer: Offer): void {
    const index = this.offers.indexOf(offer)
    if (index >= 0) this.offers.splice(index, 1)
    else if (this.active === offer) this.active = undefined
    else return
    this.torn = true
    if (this.active === undefined) this.stopWaiting()
    this.takeNext()
    this.announceSettled()
  }

  private announceSettled(): void {
    if (this.active !== undefined || this.offers.length > 0) return
    for (const listener of this.settledListeners.splice(0)) listener()
  }
}
