import type { PictureDescription, SoundDescription } from './dash-manifest.ts'

/** A media segment of one representation that is whole. Times are ticks. */
export interface DashMedia {
  readonly number: number
  readonly bytes: Uint8Array
  readonly start: number
  readonly duration: number
}

/** What one segment of a DASH session puts in place, beside the init segments when they are new. */
export interface DashSegment {
  readonly picture: DashMedia
  readonly sound: readonly DashMedia[]
  /** Constant over the session; null for sound that has not begun, or that there is none of. */
  readonly pictureInit: Uint8Array
  readonly soundInit: Uint8Array | null
  readonly pictures: PictureDescription
  /** Null for a session without sound. */
  readonly heard: SoundDescription | null
}
