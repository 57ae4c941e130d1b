import { resolve } from 'node:path'
import { PacelineError } from '../../errors.ts'
import type { AudioStream, MediaInfo, VideoStream } from '../../media/media-info.ts'
import { probeMedia } from '../../media/probe.ts'
import { toNumber } from '../../media/rational.ts'

/** What a media server knows of a film before it asks for a transcode. */
export interface DemoFilm {
  /** Absolute. */
  readonly path: string
  readonly picture: FilmStream & {
    /** Pixels of the picture that is asked for. */
    readonly width: number
    readonly height: number
    /** Frames a second, three decimals; null where the file does not say. */
    readonly rate: string | null
  }
  readonly sound: FilmStream | null
  readonly durationSeconds: number | null
}

interface FilmStream {
  readonly index: number
  /** The decoder that Plex would name; null leaves the choice to FFmpeg. */
  readonly decoder: string | null
  readonly language: string | null
}

/** Looks into the file, as a media server does when it finds it. Throws PacelineError E_PROBE_*. */
export async function openDemoFilm(input: string, signal: AbortSignal): Promise<DemoFilm> {
  const path = resolve(input)
  return describeFilm(path, await probeMedia(path, { signal }))
}

/** What to ask for: the first picture and the first sound. Throws E_PROBE_INVALID for a file without a picture. */
export function describeFilm(path: string, info: MediaInfo): DemoFilm {
  const picture = info.streams.find(
    (stream): stream is VideoStream => stream.kind === 'video' && !stream.attachedPicture,
  )
  if (!picture) throw new PacelineError('E_PROBE_INVALID', `${path} (it has no picture)`)
  const sound = info.streams.find((stream): stream is AudioStream => stream.kind === 'audio')
  const rate = picture.averageRate ?? picture.realRate
  return {
    path,
    picture: {
      ...filmStream(picture),
      ...fittedSize(picture),
      rate: rate && String(Number(toNumber(rate).toFixed(3))),
    },
    sound: sound ? filmStream(sound) : null,
    durationSeconds: info.durationSeconds,
  }
}

/** Codecs whose decoder Plex names on the command line; some decoders have another name than their codec. */
const decoders: Readonly<Record<string, string>> = {
  ...{
    h264: 'h264',
    hevc: 'hevc',
    mpeg2video: 'mpeg2video',
    mpeg4: 'mpeg4',
    vc1: 'vc1',
    vp9: 'vp9',
    av1: 'av1',
  },
  ...{ aac: 'aac', ac3: 'ac3', eac3: 'eac3', mp3: 'mp3', flac: 'flac', dts: 'dca', truehd: 'truehd' },
}

function filmStream(stream: VideoStream | AudioStream): FilmStream {
  const { index, codec, language } = stream
  return { index, decoder: decoders[codec ?? ''] ?? null, language }
}

/** The frame of "720p 4 Mbps", the usual choice of somebody far from home. */
const frame = { width: 1280, height: 720 }

/** The picture as it is shown, made to fit into 1280x720 and never larger; sizes are even, as 4:2:0 needs them. */
export function fittedSize(picture: VideoStream): { width: number; height: number } {
  const { sampleAspectRatio, rotationDegrees } = picture
  const shown = {
    width: picture.width * (sampleAspectRatio === null ? 1 : toNumber(sampleAspectRatio)),
    height: picture.height,
  }
  const upright =
    Math.abs(rotationDegrees) % 180 === 90 ? { width: shown.height, height: shown.width } : shown
  const factor = Math.min(1, frame.width / upright.width, frame.height / upright.height)
  const even = (length: number) => Math.max(2, 2 * Math.round((length * factor) / 2))
  return { width: even(upright.width), height: even(upright.height) }
}
