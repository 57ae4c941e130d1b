import type { Rational } from './rational.ts'
import type { SourceCuts } from './timeline.ts'

/** Which key frames of a source a muxer of segments cuts at. */
export interface CutRule {
  /** The server's segment length. */
  readonly segmentSeconds: number
  /** A key frame so much before a segment's time is up counts as well. */
  readonly deltaSeconds: number
}

/** A packet of the copied pictures, in the order of the file. Times are slots: ticks from the container's start. */
export interface CopiedPacket {
  readonly shown: number | null
  readonly decoded: number | null
  readonly key: boolean
  readonly duration: number
}

/**
 * Finds where FFmpeg's muxers of segments cut copied pictures: segment n begins at the first key frame that is not
 * shown before n segment lengths after the first picture (segment.c counts segments, not time, so that after a long
 * one the next key frame cuts again).
 */
export class CutFinder implements SourceCuts {
  readonly starts: number[] = []
  readonly decoded: (number | null)[] = []
  readonly frames: number[] = []
  endSlot: number | null = null
  readonly #rule: CutRule
  readonly #timeBase: Rational
  #counted = 0
  #end = 0

  /** @param timeBase seconds per slot. */
  constructor(rule: CutRule, timeBase: Rational) {
    this.#rule = rule
    this.#timeBase = timeBase
  }

  /**
   * Takes the next packet. Nothing counts before the first key frame, nor after a {@link rewind} before the last cut.
   */
  take({ shown, decoded, key, duration }: CopiedPacket): void {
    const isAwaited = this.#counted === 0 && (this.starts.length === 0 || shown === this.starts.at(-1))
    if (this.#counted === 0 && !(key && isAwaited)) return
    if (key && shown !== null && this.#cuts(shown)) this.#begin(shown, decoded)
    this.#counted += 1
    if (shown !== null) this.#end = Math.max(this.#end, shown + duration)
  }

  /** Whether anything counted since the beginning or the last rewind. */
  get hasBegun(): boolean {
    return this.#counted > 0
  }

  /** The source is read once more from before the last cut. */
  rewind(): void {
    this.#counted = 0
  }

  /** There is no more. */
  finish(): void {
    if (this.starts.length === 0) return
    this.frames.push(this.#counted)
    this.endSlot = this.#end
  }

  #cuts(shown: number): boolean {
    const [first] = this.starts
    if (first === undefined) return true
    if (shown <= this.starts.at(-1)!) return false
    const { segmentSeconds, deltaSeconds } = this.#rule
    const dueMicroseconds = Math.round((this.starts.length * segmentSeconds - deltaSeconds) * microseconds)
    return (shown - first) * this.#timeBase.num * microseconds >= dueMicroseconds * this.#timeBase.den
  }

  #begin(shown: number, decoded: number | null): void {
    if (this.starts.length > 0) this.frames.push(this.#counted)
    this.#counted = 0
    this.starts.push(shown)
    this.decoded.push(decoded)
  }
}

/** The muxers know times in whole microseconds. */
const microseconds = 1_000_000
