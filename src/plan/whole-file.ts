import type { AudioStream, MediaInfo, VideoStream } from '../media/media-info.ts'
import { type Rational, toNumber } from '../media/rational.ts'
import { decodedBy } from './picture-part.ts'
import type { AudioPart, PictureOperation, Plan, VideoPart } from './plan.ts'
import {
  firstSlot,
  gridRate,
  gridShiftSeconds,
  pictureFacts,
  planInput,
  soundSource,
  streamEndSeconds,
} from './source.ts'

/** What somebody wants made of a whole file. */
export interface WholeFileWish {
  readonly height?: number | undefined
  readonly codec: 'h264' | 'hevc'
  /** Constant rate factor. */
  readonly quality: number
  readonly preset: string
  readonly audio: 'aac' | 'ac3' | 'none'
  /** Kilobits a second. */
  readonly audioBitrate: number
}

/** So many segments share out evenly over a dozen nodes, and over nodes of unlike speed. */
const wantedSegments = 120

/** Each segment begins with a key frame, which is dear in bits: two seconds apart in all but short files. */
const longestSegmentSeconds = 2

/** The plan of a whole-file job, or why there can be none. */
export function planWholeFile(
  path: string,
  info: MediaInfo,
  wish: WholeFileWish,
): Plan | { readonly out: string } {
  const video = info.streams.find(
    (stream): stream is VideoStream => stream.kind === 'video' && !stream.attachedPicture,
  )
  if (!video) return { out: 'it has no picture' }
  const sound = info.streams.find((stream): stream is AudioStream => stream.kind === 'audio')
  const rate = gridRate(video)
  const endSeconds = streamEndSeconds(info, video) ?? 0
  return {
    inputs: [planInput(path, info)],
    video: videoPart(info, video, wish),
    audio: sound && wish.audio !== 'none' ? audioPart(info, sound, wish) : null,
    packaging: { kind: 'mpegts', maxDelayMicroseconds: 5_000_000, outputOffsetSeconds: 10 },
    timeline: {
      rate,
      firstSlot: firstSlot(info, video, rate),
      firstSegment: 0,
      segmentSeconds: usualSegmentSeconds(endSeconds, rate),
      expectedEndSlot: Math.round(endSeconds * toNumber(rate)),
    },
  }
}

/** Length of the segments in which nodes make a file: whole seconds, and never less than one picture lasts. */
export function usualSegmentSeconds(endSeconds: number, rate: Rational): number {
  const wanted = Math.min(longestSegmentSeconds, Math.max(1, Math.round(endSeconds / wantedSegments)))
  return Math.max(wanted, Math.ceil(1 / toNumber(rate)))
}

function videoPart(info: MediaInfo, stream: VideoStream, wish: WholeFileWish): VideoPart {
  const rate = gridRate(stream)
  return {
    source: { input: 0, stream: stream.index },
    ...decodedBy(stream),
    operations: [...sizing(stream, wish.height), { kind: 'format', pixelFormats: ['yuv420p'] }],
    ...{ rate, shiftSeconds: gridShiftSeconds(info, stream, rate) },
    // Every frame once: a picture that begins after the sound is not made to begin with it. Only where nothing is known
    // of its beginning does it begin at 0.
    fillFromZero: stream.startPts === null,
    ...pictureFacts(info, stream),
    encoder: { codec: wish.codec, crf: String(wish.quality), preset: wish.preset, tuning: [] },
    ...(stream.language === null ? {} : { language: stream.language }),
  }
}

/** With colours at half the picture's resolution, both sides have to be even: an odd one loses a line. */
function sizing({ width, height }: VideoStream, wanted: number | undefined): PictureOperation[] {
  if (wanted !== undefined) {
    return [{ kind: 'scale', width: '-2', height: String(Math.max(2, wanted - (wanted % 2))) }]
  }
  if (width % 2 === 0 && height % 2 === 0) return []
  return [{ kind: 'scale', width: 'trunc(iw/2)*2', height: 'trunc(ih/2)*2' }]
}

function audioPart(info: MediaInfo, stream: AudioStream, wish: WholeFileWish): AudioPart {
  return {
    source: { input: 0, stream: stream.index },
    ...soundSource(info, stream, 0),
    operations: [{ kind: 'resample', async: '1', rate: '48000' }],
    encoder: {
      codec: wish.audio === 'ac3' ? 'ac3' : 'aac',
      bitrate: `${wish.audioBitrate}k`,
      rate: 48000,
    },
    ...(stream.language === null ? {} : { language: stream.language }),
  }
}
