import type { Rational } from '../media/rational.ts'
import type { Timeline } from '../media/timeline.ts'

/** What is to be made, free of any platform. */
export interface Plan {
  readonly inputs: readonly PlanInput[]
  readonly video: VideoPart | null
  readonly audio: AudioPart | null
  readonly packaging: Packaging
  readonly timeline: Timeline
}

export interface PlanInput {
  readonly path: string
  /** The container's own start, seconds: `-ss` counts from it, everything after decoding does not. */
  readonly startSeconds: number
  /** Formats whose seeks land late or without an index: start decoding earlier by so many seconds. */
  readonly seekMarginSeconds: number
  readonly analyzeDuration?: string
  readonly probeSize?: string
}

export interface StreamRef {
  readonly input: number
  /** Index of the stream in its file. */
  readonly stream: number
}

export interface VideoPart {
  readonly source: StreamRef
  readonly operations: readonly PictureOperation[]
  /** Frames per second of the slot grid. */
  readonly rate: Rational
  readonly encoder: VideoEncoder
}

export type PictureOperation =
  | { readonly kind: 'scale'; readonly width: string; readonly height: string; readonly divisibleBy?: number }
  | { readonly kind: 'format'; readonly pixelFormats: readonly string[] }

export interface VideoEncoder {
  readonly codec: 'h264' | 'hevc'
  readonly crf?: number
  /** Bits per second. */
  readonly bitrate?: number
  readonly maxrate?: number
  readonly bufsize?: number
  readonly preset?: string
  readonly tune?: string
  readonly profile?: string
  readonly level?: string
  /** Options of x264 itself, in order, as the server wrote them. */
  readonly tuning: readonly (readonly [name: string, value: string | null])[]
}

export interface AudioPart {
  readonly source: StreamRef
  readonly operations: readonly SoundOperation[]
  readonly encoder: AudioEncoder
}

export type SoundOperation = {
  readonly kind: 'resample'
  readonly rate?: number
  readonly layout?: string
  readonly async?: number
  readonly rematrixMaximum?: string
}

export interface AudioEncoder {
  readonly codec: 'aac' | 'ac3' | 'eac3' | 'mp3' | 'opus' | 'flac'
  readonly bitrate?: number
  readonly channels?: number
  readonly rate?: number
}

export interface Packaging {
  readonly kind: 'mpegts'
  /** Added to every timestamp, seconds (the server's output_ts_offset plus twice its max_delay). */
  readonly offsetSeconds: number
}
