import type { Rational } from '../media/rational.ts'
import type { AacFormat } from './mp4/adts.ts'
import type { SampleWeaver, WovenSamples } from './mp4/woven-samples.ts'

/** Bytes for a place in a file. */
export interface Piece {
  /** Bytes from the file's beginning. */
  readonly position: number
  readonly bytes: Buffer
}

/**
 * Makes one file of a film, segment by segment: what has been added is given out at once and not kept, but for the
 * index. Pieces are to be written in their order; the file is whole with the last of them.
 */
export interface FilmWriter {
  /** Segments in their order. Throws MalformedMp4 for one that does not fit to those before. */
  add(samples: WovenSamples): readonly Piece[]
  /** No segment follows. */
  finish(): readonly Piece[]
}

export interface FilmOptions {
  /** Slots per second of the session's grid. */
  readonly rate: Rational
  /** Where the tracks are described once the first samples have been taken. */
  readonly weaver: Pick<SampleWeaver, 'picture' | 'sound'>
  readonly pictureLanguage?: string
  readonly soundLanguage?: string
  /** The sound that was asked for, for a file that has to name its tracks before the first frame has come. */
  readonly askedSound?: AacFormat
}
