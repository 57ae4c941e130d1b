import type { AudioStream, MediaInfo, MediaStream, VideoStream } from '../../media/media-info.ts'
import { percentEncode } from './percent-encode.ts'

type Parameter = readonly [name: string, value: string | number]

/** Dispositions in the order in which Plex's transcoder reports them. */
const dispositions = [
  'default',
  'dub',
  'original',
  'comment',
  'lyrics',
  'karaoke',
  'forced',
  'hearing_impaired',
  'visual_impaired',
  'clean_effects',
  'attached_pic',
  'timed_thumbnails',
  'captions',
  'descriptions',
  'metadata',
  'dependent',
  'still_image',
] as const

/**
 * The `/stream?...` and `/streamDetail?...` calls for one input, in order.
 *
 * A `stream` call goes out for each film or sound stream as soon as the file is open, and then knows no profile; one
 * of AAC waits until the file has been probed, comes after the others and has it. Then follow the details, of
 * subtitles too. Cover pictures are left out everywhere.
 */
export function streamReports(info: MediaInfo): readonly string[] {
  const streams = info.streams.filter((stream) => !(stream.kind === 'video' && stream.attachedPicture))
  const media = streams.filter((stream) => stream.kind === 'video' || stream.kind === 'audio')
  const detailed = streams.filter(isDetailed).map((stream) => details(stream, languageOf(stream, info)))
  const late = media.filter((stream) => stream.codec === 'aac')
  return [
    ...media.filter((stream) => stream.codec !== 'aac').map((stream) => call('stream', identity(stream))),
    ...late.map((stream) => call('stream', [...identity(stream), ...optional('profile', stream.profile)])),
    ...detailed.map((parameters) => call('streamDetail', parameters)),
  ]
}

/**
 * The length that is reported, seconds; null where unknown. Plex's FFmpeg 6.1 takes the span of pictures and sound of
 * MP4 and MOV files, where other versions repeat the file header's rounded word.
 */
export function reportedDuration(info: MediaInfo): number | null {
  if (!info.formats.includes('mp4')) return info.durationSeconds
  const timed = info.streams
    .filter((stream) => stream.kind === 'video' || stream.kind === 'audio')
    .flatMap(({ durationSeconds, startSeconds }) =>
      durationSeconds === null || durationSeconds <= 0
        ? []
        : [{ start: startSeconds ?? 0, end: (startSeconds ?? 0) + durationSeconds }],
    )
  if (timed.length === 0) return info.durationSeconds
  const start = Math.min(...timed.map((span) => span.start))
  return Math.max(...timed.map((span) => span.end)) - start
}

/** The `?width=...` call for pictures as they are shown: of square pixels, and as high as they are. */
export function sizeReport({ width, height, sampleAspectRatio }: VideoStream): string {
  const ratio = sampleAspectRatio ? sampleAspectRatio.num / sampleAspectRatio.den : 1
  return `?width=${Math.round(width * ratio)}&height=${height}`
}

function isDetailed(stream: MediaStream): boolean {
  // A film or sound stream without a size or a rate was not understood, and the transcoder leaves it out.
  if (stream.kind === 'video') return stream.width > 0
  if (stream.kind === 'audio') return stream.sampleRate > 0
  return stream.kind === 'subtitle'
}

function identity(stream: MediaStream): Parameter[] {
  return [
    ['index', stream.index],
    ['id', stream.id],
    ['codec', stream.codec ?? 'none'],
    ['type', stream.kind],
  ]
}

/** Plex's Matroska reader takes an undetermined language for the format's default; a tag that says `und` stays. */
function languageOf(stream: MediaStream, info: MediaInfo): string | null {
  return stream.language ?? (info.formats.includes('matroska') ? 'eng' : null)
}

function details(stream: MediaStream, language: string | null): Parameter[] {
  return [
    ...identity(stream),
    ...optional('bitrate', stream.bitRate || null),
    ...optional('profile', stream.profile),
    ...optional('language', language),
    ...(stream.kind === 'video' ? picture(stream) : []),
    ...(stream.kind === 'audio' ? sound(stream) : []),
    ...dispositions
      .filter((name) => stream.dispositions.includes(name))
      .map((name): Parameter => [`disp_${name}`, 1]),
  ]
}

function picture(stream: VideoStream): Parameter[] {
  const interlaced = stream.fieldOrder !== null && stream.fieldOrder !== 'progressive'
  const ratio = stream.sampleAspectRatio
  const rate = stream.averageRate
  return [
    ['width', stream.width],
    ['height', stream.height],
    ['interlaced', interlaced ? 1 : 0],
    ...optional('sar', ratio === null ? null : `${ratio.num}:${ratio.den}`),
    ...optional('level', stream.level),
    ...optional('frameRate', rate === null ? null : (rate.num / rate.den).toFixed(3)),
    ...optional('closedCaptions', stream.closedCaptions ? 1 : null),
  ]
}

function sound(stream: AudioStream): Parameter[] {
  return [
    ['channels', stream.channels],
    ['layout', stream.layout ?? `${stream.channels} channels`],
    ['sampleRate', stream.sampleRate],
    ...optional('bitDepth', stream.bitsPerRawSample),
  ]
}

function optional(name: string, value: string | number | null): Parameter[] {
  return value === null || value === '' ? [] : [[name, value]]
}

/** Only profile, language and layout may hold characters to encode; a pixel's ratio keeps its colon. */
function call(kind: 'stream' | 'streamDetail', parameters: readonly Parameter[]): string {
  const encoded = new Set(['profile', 'language', 'layout'])
  const query = parameters.map(([name, value]) =>
    encoded.has(name) ? `${name}=${percentEncode(String(value))}` : `${name}=${value}`,
  )
  return `/${kind}?${query.join('&')}`
}
