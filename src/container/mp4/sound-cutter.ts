import type { Rational } from '../../media/rational.ts'
import type { SoundFrame } from './sound-track.ts'

/** The frames of one media segment of sound. */
export interface CutSound {
  readonly number: number
  readonly frames: readonly SoundFrame[]
}

export interface SoundCutterOptions {
  readonly firstNumber: number
  /** Samples per second of the frames. */
  readonly rate: number
  /** What the server asked for. */
  readonly segmentSeconds: number
  readonly memory?: SoundCutterMemory | undefined
}

/** Everything that passes from segment to segment. */
export interface SoundCutterMemory {
  readonly waiting: readonly SoundFrame[]
  readonly open: readonly SoundFrame[]
  readonly firstStart: number | null
  readonly number: number
}

/** A key frame with which a segment of pictures ends. */
export interface KeyFrame {
  /** When it is decoded, seconds as a fraction. */
  readonly decoded: Rational
  /** Number of the segment that ends. */
  readonly segment: number
}

/**
 * Cuts sound where the DASH muxer of Plex's transcoder does: together with the pictures, a frame belonging to the
 * earlier segment if it is decoded before the key frame; and by itself where its own time, counted from its first
 * frame, comes to the end of a segment before the pictures do. The pictures then do not cut it again until their
 * number has caught up.
 */
export class SoundCutter {
  readonly #options: SoundCutterOptions
  readonly #waiting: SoundFrame[]
  #open: SoundFrame[]
  #firstStart: number | null
  #number: number

  constructor(options: SoundCutterOptions) {
    const { memory, firstNumber } = options
    this.#options = options
    this.#waiting = [...(memory?.waiting ?? [])]
    this.#open = [...(memory?.open ?? [])]
    this.#firstStart = memory?.firstStart ?? null
    this.#number = memory?.number ?? firstNumber
  }

  memory(): SoundCutterMemory {
    return {
      ...{ waiting: this.#waiting, open: this.#open },
      ...{ firstStart: this.#firstStart, number: this.#number },
    }
  }

  push(frames: readonly SoundFrame[]): void {
    this.#waiting.push(...frames)
  }

  /** What is complete when a key frame ends a segment of pictures; with null, when everything ends. */
  cut(key: KeyFrame | null): CutSound[] {
    const finished: CutSound[] = []
    for (let frame = this.#waiting[0]; frame && isBefore(frame, key, this.#options.rate); ) {
      if (this.#isLong(frame)) finished.push(...this.#finish())
      this.#firstStart ??= frame.start
      this.#open.push(frame)
      this.#waiting.shift()
      frame = this.#waiting[0]
    }
    if (key === null || this.#number <= key.segment) finished.push(...this.#finish())
    return finished
  }

  #isLong(next: SoundFrame): boolean {
    const { rate, segmentSeconds, firstNumber } = this.#options
    if (this.#open.length === 0) return false
    const end = (this.#number - firstNumber + 1) * Math.round(segmentSeconds * microseconds)
    return (next.start - this.#firstStart!) * microseconds >= end * rate
  }

  #finish(): CutSound[] {
    const frames = this.#open
    if (frames.length === 0) return []
    this.#open = []
    return [{ number: this.#number++, frames }]
  }
}

/** The muxer knows how long a segment shall be in whole microseconds. */
const microseconds = 1_000_000

function isBefore({ start }: SoundFrame, key: KeyFrame | null, rate: number): boolean {
  // Products of whole numbers, so that a frame at the very moment of a key frame is not rounded to the wrong side.
  return key === null || start * key.decoded.den < key.decoded.num * rate
}
