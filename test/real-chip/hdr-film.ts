import { type ClipOptions, clipFrames } from '../clips/make-clip.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'

/** An HDR10 film with numbered frames, and how a server would have it made SDR. */
export interface HdrFilm {
  readonly clip: ClipOptions
  readonly frames: number
  readonly segments: number
  /** A job of Plex, see hlsArguments. */
  readonly args: readonly string[]
}

export const framesPerSecond = 25
export const segmentSeconds = 2

/** A film as large as that, made SDR at half of it. */
export function hdrFilm(seconds: number, width: number, height: number): HdrFilm {
  const clip: ClipOptions = {
    ...{ codec: 'hevc', container: 'mp4', rate: '25', hdr10: true, audio: 'aac-48000' },
    ...{ seconds, size: `${width}x${height}` },
  }
  const frames = clipFrames(clip)
  return {
    ...{ clip, frames, segments: Math.ceil(frames / (segmentSeconds * framesPerSecond)) },
    args: hlsArguments({
      ...{ segmentSeconds, size: `${width / 2}x${height / 2}`, toneMap: 'mobius' },
      maxrateKilobits: Math.max(3_000, Math.round((width * height) / 400)),
    }),
  }
}
