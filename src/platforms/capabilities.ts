/**
 * What a node has proved that it can do, as plain data: a proof fills it, beats carry it, platforms compile by it. A name
 * in it is one that a platform's tables have (see chip.ts).
 */
export interface Capabilities {
  /** Of ffmpeg, drivers, kernel and devices: with another one all has to be proved again. */
  readonly fingerprint: string
  readonly ffmpeg: FfmpegFacts
  /** The DRM render node of the chip, where it has one and there are several, e.g. `/dev/dri/renderD129`. */
  readonly renderNode?: string
  readonly decoders: readonly ProvedDecoder[]
  /** Filters by FFmpeg's names, each proved on the surfaces that its platform gives it. */
  readonly filters: readonly string[]
  readonly encoders: readonly ProvedEncoder[]
  /** What was tried and did not work, with ffmpeg's own words: for `paceline doctor` and logs. */
  readonly failed?: readonly { readonly what: string; readonly why: string }[]
  /** Leases that ran at once before the speed of each dropped; one unless measured. */
  readonly atOnce?: number
}

/** What the binary says of itself, by the words of {@link spokenWords} that it knows. */
export interface FfmpegFacts {
  /** As it prints it, e.g. `8.1-Jellyfin`. */
  readonly version: string
  /** Words that it lacks; all others are taken to be there. */
  readonly lacks: readonly string[]
}

export interface ProvedDecoder {
  /** One of the platform's ways to decode, e.g. `nvdec`. */
  readonly name: string
  /** FFmpeg's name of the codec, e.g. `hevc`. */
  readonly codec: string
  readonly bits: number
  /** Pictures of 1920x1080 per second. */
  readonly framesPerSecond?: number
}

export interface ProvedEncoder {
  /** FFmpeg's name of the encoder, e.g. `h264_nvenc`. */
  readonly name: string
  readonly bits: number
  /** Pictures of 1920x1080 per second. */
  readonly framesPerSecond?: number
}

/** Whether a way to decode was proved with this codec and depth. */
export function decodes({ decoders }: Capabilities, name: string, codec: string, bits: number): boolean {
  return decoders.some((proved) => proved.name === name && proved.codec === codec && proved.bits === bits)
}

/** Whether an encoder was proved with pictures of this depth. */
export function encodes({ encoders }: Capabilities, name: string, bits: number): boolean {
  return encoders.some((proved) => proved.name === name && proved.bits === bits)
}
