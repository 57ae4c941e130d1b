import { z } from 'zod'
import { wholeFileName } from '../../plan/whole-file-name.ts'

/** `POST /api/v1/transcodes`: a whole file, shared by all nodes. Paths are absolute and the head's own. */
export const transcodeRequest = z.strictObject({
  input: z.string().startsWith('/'),
  output: z.string().startsWith('/').regex(wholeFileName),
  overwrite: z.boolean().default(false),
  /** Lines of the picture; the width follows. Default: as the input. */
  height: z.int().min(16).max(8192).optional(),
  codec: z.enum(['h264', 'hevc']).default('h264'),
  /** Constant rate factor of the encoder: smaller is better and larger. */
  quality: z.number().min(0).max(51).default(21),
  preset: z
    .enum(['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow', 'slower', 'veryslow'])
    .default('veryfast'),
  audio: z.enum(['aac', 'ac3', 'none']).default('aac'),
  /** Kilobits a second. */
  audioBitrate: z.int().min(16).max(1536).default(160),
})

export type TranscodeRequest = z.infer<typeof transcodeRequest>

/** What is told while it goes on, one line of JSON each; the last is `done` or `failed`. */
export type TranscodeEvent = TranscodeProgress | TranscodeDone | TranscodeFailed

export interface TranscodeProgress {
  readonly type: 'progress'
  /** 0 to 100; null where the input's length is not known. */
  readonly percent: number | null
  /** Seconds of source a second, since the start. */
  readonly speed: number
  readonly nodes: NodeShares
}

export interface TranscodeDone {
  readonly type: 'done'
  readonly frames: number
  /** Wall time of the whole job. */
  readonly seconds: number
  readonly speed: number
  readonly nodes: NodeShares
}

export interface TranscodeFailed {
  readonly type: 'failed'
  readonly code: string
  readonly message: string
  readonly hint?: string
}

export type NodeShares = Readonly<Record<string, { readonly segments: number }>>
