import type { Rational } from './rational.ts'

/** What is in a media file, as FFmpeg sees it. Plain data: it survives JSON. */
export interface MediaInfo {
  /** Every name of the container format, e.g. `mov`, `mp4`, `m4a`. */
  readonly formats: readonly string[]
  /** Earliest timestamp of the container, which `-ss` counts from; 0 where unknown, as FFmpeg's seeks take it. */
  readonly startSeconds: number
  /** The container's word, or FFmpeg's estimate: it may lie. Null where unknown. */
  readonly durationSeconds: number | null
  /** Bits per second over all streams. */
  readonly bitRate: number | null
  readonly sizeBytes: number | null
  /** By index; a stream's index is its place. */
  readonly streams: readonly MediaStream[]
}

export type MediaStream = VideoStream | AudioStream | SubtitleStream | OtherStream

/** What streams of every kind have. */
export interface AnyStream {
  readonly index: number
  /** The container's own number of the stream (track id, PID); 0 where it has none. */
  readonly id: number
  /** FFmpeg's codec name; null for a codec it does not know. */
  readonly codec: string | null
  /** FFmpeg's profile name; null where unknown or nameless. */
  readonly profile: string | null
  /** As tagged, e.g. `eng` or `und`. */
  readonly language: string | null
  /** Bits per second, only where container or codec state it. */
  readonly bitRate: number | null
  /** Seconds per tick of this stream's timestamps. */
  readonly timeBase: Rational
  readonly startPts: number | null
  readonly startSeconds: number | null
  /** The stream's own duration (or Matroska's DURATION tag), apart from the container's. */
  readonly durationSeconds: number | null
  /** Names of the dispositions that are set, in FFmpeg's order. */
  readonly dispositions: readonly string[]
}

export interface VideoStream extends AnyStream {
  readonly kind: 'video'
  readonly width: number
  readonly height: number
  /** Null where unknown: square then. */
  readonly sampleAspectRatio: Rational | null
  readonly fieldOrder: 'progressive' | 'tt' | 'bb' | 'tb' | 'bt' | null
  /** Frames over duration. */
  readonly averageRate: Rational | null
  /** The lowest rate on whose grid every timestamp lies (r_frame_rate): a guess, far too high for variable rates. */
  readonly realRate: Rational | null
  readonly pixelFormat: string | null
  /** The codec's own level number, e.g. 41 for H.264 level 4.1. */
  readonly level: number | null
  readonly color: ColorInfo
  /** Frames by which decoding order may run ahead of showing order. */
  readonly reorderFrames: number
  readonly closedCaptions: boolean
  /** A cover picture, not a film. */
  readonly attachedPicture: boolean
  /** Degrees by which FFmpeg turns the picture before any filter sees it (autorotate), as ffprobe counts them. */
  readonly rotationDegrees: number
  readonly bitsPerRawSample: number | null
  /** The brightest that the picture gets, in nits: MaxCLL, else the peak of the display it was graded on; if the file says. */
  readonly peakNits?: number
  /** The peak of the display that it was graded on, in nits; if the file says. */
  readonly gradedNits?: number
  /** Of Dolby Vision's own data, where there is any. */
  readonly dolbyVisionProfile?: number
  /**
   * What the pictures are to somebody who does not read Dolby Vision's own data, as far as that says it; `none` where
   * their colours are Dolby's own, as in profile 5.
   */
  readonly dolbyVisionBase?: 'none' | 'hdr10' | 'sdr' | 'hlg'
}

export interface ColorInfo {
  readonly range: string | null
  readonly space: string | null
  readonly transfer: string | null
  readonly primaries: string | null
  readonly chromaLocation: string | null
}

export interface AudioStream extends AnyStream {
  readonly kind: 'audio'
  readonly channels: number
  /** FFmpeg's name of the layout; null where the file gives only a count. */
  readonly layout: string | null
  readonly sampleRate: number
  readonly sampleFormat: string | null
  readonly bitsPerSample: number | null
  readonly bitsPerRawSample: number | null
  /** Samples per packet where the codec fixes it. */
  readonly frameSize: number | null
}

export interface SubtitleStream extends AnyStream {
  readonly kind: 'subtitle'
}

export interface OtherStream extends AnyStream {
  readonly kind: 'other'
  /** FFmpeg's word: data, attachment; null for a kind it does not know. */
  readonly type: string | null
}
