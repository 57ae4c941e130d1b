import type { MediaInfo, VideoStream } from '../media/media-info.ts'
import { rescale, toNumber } from '../media/rational.ts'
import { hasConstantRate } from './source.ts'

/** A frame's timestamp in ticks of its stream. */
export interface FramePts {
  readonly pts: number
  readonly timeBase: VideoStream['timeBase']
}

/**
 * The first frame that a transcoder sees after an accurate `-ss` to `seekSeconds` (from the file's start), calculated
 * for streams whose frames lie on the grid of one rate; null where the packets have to be read.
 */
export function calculatedFirstFrame(
  info: MediaInfo,
  stream: VideoStream,
  seekSeconds: number,
): FramePts | null {
  const { realRate, timeBase, startPts } = stream
  if (!hasConstantRate(stream) || startPts === null) return null
  const frameTime = { num: realRate!.den, den: realRate!.num }
  const wanted = Math.round((seekSeconds + info.startSeconds) / toNumber(timeBase))
  const ptsOf = (frame: number): number => startPts + rescale(frame, frameTime, timeBase)
  let frame = Math.max(0, Math.floor(((wanted - startPts) * toNumber(timeBase)) / toNumber(frameTime)) - 1)
  while (ptsOf(frame) < wanted) frame += 1
  return { pts: ptsOf(frame), timeBase }
}
