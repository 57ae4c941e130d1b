import { z } from 'zod'
import type { AnyStream, AudioStream, MediaInfo, MediaStream, VideoStream } from './media-info.ts'
import { parseRational, type Rational } from './rational.ts'

const text = z.string().optional()
const count = z.number().optional()

const sideData = z
  .array(
    z.looseObject({
      rotation: count,
      max_content: count,
      max_luminance: text,
      dv_profile: count,
      dv_bl_signal_compatibility_id: count,
    }),
  )
  .default([])

const streamOutput = z.looseObject({
  index: z.number(),
  codec_type: text,
  codec_name: text,
  profile: text,
  id: text,
  bit_rate: text,
  time_base: z.string(),
  start_pts: count,
  start_time: text,
  duration: text,
  disposition: z.record(z.string(), z.number()).default({}),
  tags: z.record(z.string(), z.string()).default({}),
  side_data_list: sideData,
  width: count,
  height: count,
  sample_aspect_ratio: text,
  field_order: text,
  avg_frame_rate: text,
  r_frame_rate: text,
  pix_fmt: text,
  level: count,
  color_range: text,
  color_space: text,
  color_transfer: text,
  color_primaries: text,
  chroma_location: text,
  has_b_frames: count,
  closed_captions: count,
  bits_per_raw_sample: text,
  channels: count,
  channel_layout: text,
  sample_rate: text,
  sample_fmt: text,
  bits_per_sample: count,
})
type StreamOutput = z.infer<typeof streamOutput>

/** What `ffprobe -show_format -show_streams -of json` prints, as far as it is used. */
export const ffprobeOutput = z.looseObject({
  format: z.looseObject({
    format_name: z.string(),
    start_time: text,
    duration: text,
    bit_rate: text,
    size: text,
  }),
  streams: z.array(streamOutput).default([]),
})

/** What `ffprobe -show_frames -of json` prints, as far as it is used. */
const framesOutput = z.looseObject({
  frames: z.array(z.looseObject({ side_data_list: sideData })).default([]),
})

/**
 * The peak in nits that a stream's own messages say beside its first picture, as {@link VideoStream.peakNits}; null where
 * they say none. `output` is what `ffprobe -show_frames -of json` prints.
 */
export function saidPeak(output: unknown): number | null {
  const read = framesOutput.safeParse(output)
  const [first] = read.success ? read.data.frames : []
  return first ? (lightOf(first.side_data_list).peakNits ?? null) : null
}

/** Pure reading of ffprobe's output. */
export function mediaInfo(output: z.infer<typeof ffprobeOutput>): MediaInfo {
  const { format } = output
  return {
    formats: format.format_name.split(','),
    startSeconds: number(format.start_time) ?? 0,
    durationSeconds: number(format.duration),
    bitRate: number(format.bit_rate),
    sizeBytes: number(format.size),
    streams: output.streams.map(mediaStream),
  }
}

function mediaStream(stream: StreamOutput): MediaStream {
  const common = anyStream(stream)
  switch (stream.codec_type) {
    case 'video':
      return videoStream(stream, common)
    case 'audio':
      return audioStream(stream, common)
    case 'subtitle':
      return { kind: 'subtitle', ...common }
    default:
      return { kind: 'other', type: stream.codec_type ?? null, ...common }
  }
}

function anyStream(stream: StreamOutput): AnyStream {
  const timeBase = parseRational(stream.time_base)
  if (timeBase === null) throw new RangeError(`ffprobe printed the time base ${stream.time_base}`)
  return {
    index: stream.index,
    id: number(stream.id) ?? 0,
    codec: named(stream.codec_name),
    // ffprobe prints a bare number for a profile without a name.
    profile: /^-?\d+$/.test(stream.profile ?? '') ? null : named(stream.profile),
    language: tag(stream, 'language'),
    bitRate: number(stream.bit_rate),
    timeBase,
    startPts: stream.start_pts ?? null,
    startSeconds: number(stream.start_time),
    durationSeconds: number(stream.duration) ?? clockSeconds(tag(stream, 'duration')),
    dispositions: Object.keys(stream.disposition).filter((name) => stream.disposition[name] === 1),
  }
}

function videoStream(stream: StreamOutput, common: AnyStream): VideoStream {
  return {
    kind: 'video',
    ...common,
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    sampleAspectRatio: ratio(stream.sample_aspect_ratio),
    fieldOrder: fieldOrder(stream.field_order),
    averageRate: ratio(stream.avg_frame_rate),
    realRate: ratio(stream.r_frame_rate),
    pixelFormat: named(stream.pix_fmt),
    level: stream.level === undefined || stream.level < 0 ? null : stream.level,
    color: {
      range: named(stream.color_range),
      space: named(stream.color_space),
      transfer: named(stream.color_transfer),
      primaries: named(stream.color_primaries),
      chromaLocation: named(stream.chroma_location),
    },
    reorderFrames: stream.has_b_frames ?? 0,
    closedCaptions: stream.closed_captions === 1,
    attachedPicture: stream.disposition.attached_pic === 1,
    rotationDegrees: stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0,
    bitsPerRawSample: positive(number(stream.bits_per_raw_sample)),
    ...lightOf(stream.side_data_list),
    ...dolbyVisionOf(stream.side_data_list),
  }
}

/** Of Dolby's own numbers for it (dv_bl_signal_compatibility_id): 1 is HDR10, 6 the same as on Blu-rays. */
const dolbyVisionBases = { 0: 'none', 1: 'hdr10', 2: 'sdr', 4: 'hlg', 6: 'hdr10' } as const

/** Profile 5 is never anything to others, 7 is of Blu-rays: some files of both leave the number out. */
function dolbyVisionOf(
  sideData: StreamOutput['side_data_list'],
): Pick<VideoStream, 'dolbyVisionProfile' | 'dolbyVisionBase'> {
  const data = sideData.find(({ dv_profile }) => dv_profile !== undefined)
  if (data?.dv_profile === undefined) return {}
  const profile = data.dv_profile
  const said = dolbyVisionBases[data.dv_bl_signal_compatibility_id as keyof typeof dolbyVisionBases]
  const base = profile === 5 ? 'none' : profile === 7 ? 'hdr10' : said
  return { dolbyVisionProfile: profile, ...(base !== undefined && { dolbyVisionBase: base }) }
}

/** No film for HDR is darker than one for SDR: files that say so are wrong by a factor. */
const plausiblePeakNits = { least: 100, most: 10_000 }

function lightOf(sideData: StreamOutput['side_data_list']): Pick<VideoStream, 'peakNits' | 'gradedNits'> {
  const graded = sideData.map((data) => ratio(data.max_luminance)).map((nits) => nits && nits.num / nits.den)
  const gradedNits = graded.find(isPlausible)
  const peakNits = sideData.map((data) => data.max_content).find(isPlausible) ?? gradedNits
  return { ...(peakNits && { peakNits }), ...(gradedNits && { gradedNits }) }
}

function isPlausible(nits: number | null | undefined): nits is number {
  return typeof nits === 'number' && nits >= plausiblePeakNits.least && nits <= plausiblePeakNits.most
}

function audioStream(stream: StreamOutput, common: AnyStream): AudioStream {
  const sampleRate = number(stream.sample_rate) ?? 0
  return {
    kind: 'audio',
    ...common,
    channels: stream.channels ?? 0,
    layout: named(stream.channel_layout),
    sampleRate,
    sampleFormat: named(stream.sample_fmt),
    bitsPerSample: positive(stream.bits_per_sample ?? null),
    bitsPerRawSample: positive(number(stream.bits_per_raw_sample)),
    frameSize: frameSize(common, sampleRate),
  }
}

/** From the codecs' standards; ffprobe does not print it. HE-AAC doubles AAC's, low-delay profiles differ. */
function frameSize({ codec, profile }: AnyStream, sampleRate: number): number | null {
  switch (codec) {
    case 'aac':
      if (profile === 'LC' || profile === 'Main') return 1_024
      return profile?.startsWith('HE-AAC') ? 2_048 : null
    case 'ac3':
      return 1_536
    case 'mp2':
      return 1_152
    case 'mp3':
      return sampleRate >= 32_000 ? 1_152 : 576
    default:
      return null
  }
}

function fieldOrder(value: string | undefined): VideoStream['fieldOrder'] {
  switch (value) {
    case 'progressive':
    case 'tt':
    case 'bb':
    case 'tb':
    case 'bt':
      return value
    default:
      return null
  }
}

function tag(stream: StreamOutput, name: string): string | null {
  // Matroska's DURATION is written in capitals, and its language tags may carry a suffix of their own.
  const key = Object.keys(stream.tags).find((candidate) => candidate.toLowerCase() === name)
  return key === undefined ? null : (stream.tags[key] ?? null)
}

/** `HH:MM:SS.nnnnnnnnn` as Matroska's statistics tags write it. */
function clockSeconds(value: string | null): number | null {
  const match = /^(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(value ?? '')
  return match === null ? null : Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3])
}

function ratio(value: string | undefined): Rational | null {
  const parsed = value === undefined ? null : parseRational(value)
  return parsed !== null && parsed.num > 0 ? parsed : null
}

function named(value: string | undefined): string | null {
  return value === undefined || value === 'unknown' || value === '' ? null : value
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null
}

/** Decimal or 0x; null for what is absent or N/A. */
function number(value: string | undefined): number | null {
  const parsed = value === undefined || value.trim() === '' ? Number.NaN : Number(value)
  return Number.isFinite(parsed) ? parsed : null
}
