import { wordTable } from '../command/word-table.ts'
import type { AudioStream, MediaInfo, VideoStream } from '../media/media-info.ts'
import { compare, type Rational, rational, toNumber } from '../media/rational.ts'
import { lacksIndex } from '../media/seeking.ts'
import type { AudioPart, PlanInput, SideTurn, VideoPart } from './plan.ts'

/** Twelve seconds hold a key frame in any broadcast or disc (measured: exact with this, up to 1.5 s wrong without). */
const marginWithoutIndexSeconds = 12
const marginWithIndexSeconds = 0.25

/** The input of a plan, with how many seconds before a seek its decoding begins: 0.25 with an index, 12 without. `limits` carry over as they are. */
export function planInput(
  path: string,
  info: MediaInfo,
  limits: Omit<PlanInput, 'path' | 'seekMarginSeconds'> = {},
): PlanInput {
  const seekMarginSeconds = lacksIndex(info) ? marginWithoutIndexSeconds : marginWithIndexSeconds
  return { path, seekMarginSeconds, ...limits }
}

/** FFmpeg's own allowance for reordering (ffmpeg's dts_heuristic): it seeks so much earlier where an index holds decoding times. */
const reorderAllowanceSeconds = 3 / 23

/** How much before the wanted time FFmpeg seeks, seconds: nothing in MP4, whose index it asks for times of showing. */
export function seekShiftSeconds(info: MediaInfo, { reorderFrames }: VideoStream): number {
  return reorderFrames > 0 && !info.formats.includes('mp4') ? reorderAllowanceSeconds : 0
}

/** Frame rates that players and encoders expect. */
const usualRates: readonly Rational[] = [
  rational(24000, 1001),
  rational(24, 1),
  rational(25, 1),
  rational(30000, 1001),
  rational(30, 1),
  rational(50, 1),
  rational(60000, 1001),
  rational(60, 1),
]

/** Whether all frames lie on the grid of one rate, as far as a probe can tell. */
export function hasConstantRate(stream: VideoStream): boolean {
  const { averageRate, realRate } = stream
  if (!averageRate || !realRate) return false
  return isClose(averageRate, realRate)
}

/** Whether two rates differ by what writing one of them in decimals may cost. */
export function isClose(left: Rational, right: Rational): boolean {
  return Math.abs(toNumber(left) / toNumber(right) - 1) < 0.001
}

/** The rate of the slot grid where the job names none: the file's own, or the usual one next above a variable one's mean. */
export function gridRate(stream: VideoStream): Rational {
  if (hasConstantRate(stream)) return stream.realRate!
  const mean = stream.averageRate ?? stream.realRate ?? rational(25, 1)
  return usualRates.find((rate) => compare(rate, mean) >= 0) ?? usualRates.at(-1)!
}

/**
 * The constant rate at which FFmpeg writes a film where the muxer wants one and the job names none: the rate that all
 * its times are multiples of, but for a film whose times are finer than any picture's (libavformat,
 * av_guess_frame_rate). Null where the file says neither.
 */
export function guessedRate({ averageRate, realRate }: VideoStream): Rational | null {
  if (!averageRate || !realRate) return realRate ?? averageRate
  return toNumber(averageRate) < 70 && toNumber(realRate) > 210 ? averageRate : realRate
}

/** Whether the file says that its frames last less than their own times allow: more a second than there are times for. */
export function lengthsLie({ averageRate, realRate }: VideoStream): boolean {
  return averageRate !== null && realRate !== null && toNumber(averageRate) > 1.5 * toNumber(realRate)
}

/** What brings frames of the grid's own rate onto its slots, seconds; 0 for a source of another rate. */
export function gridShiftSeconds(info: MediaInfo, stream: VideoStream, rate: Rational): number {
  const { realRate } = stream
  if (!hasConstantRate(stream) || !isClose(realRate!, rate)) return 0
  const start = streamStartSeconds(info, stream)
  return firstSlot(info, stream, rate) / toNumber(rate) - start
}

/** How far FFmpeg's constant frame rate lets frames come too early, beside their own length, before it drops one (ffmpeg.c, do_video_out). */
const earlySlots = 1.1

/**
 * What brings frames of a faster source onto slots as FFmpeg's constant rate does it from time 0, seconds; null for a
 * source that is not faster. In the long run each is shown as late as that rule lets it, and as many more frames come
 * out in the end. Half a slot more, for slots are rounded to, unless the last frame is rounded up for itself.
 */
export function fasterShiftSeconds(stream: VideoStream, rate: Rational): number | null {
  const { realRate, averageRate } = stream
  if (!realRate || isClose(realRate, rate) || compare(realRate, rate) < 0) return null
  const slotsOf = (frames: Rational) => toNumber(rate) / toNumber(frames)
  // The grid counts the last frame's length as the file tells it, which may be another.
  const slots = earlySlots + slotsOf(realRate) - slotsOf(averageRate ?? realRate)
  return (slots + (lengthsLie(stream) ? 0 : 0.5)) / toNumber(rate)
}

/** What leases have to know of the source's pictures: when the first is shown, how large they are, how they are turned. */
export function pictureFacts(
  info: MediaInfo,
  stream: VideoStream,
): Pick<VideoPart, 'beginsSeconds' | 'size' | 'turned'> {
  const { width, height, rotationDegrees } = stream
  const beginsSeconds = streamStartSeconds(info, stream)
  const isTurned = rotationDegrees % 180 !== 0
  const size = isTurned ? { width: height, height: width } : { width, height }
  const turned = sideTurn(rotationDegrees)
  return {
    ...(beginsSeconds > 0 && { beginsSeconds }),
    ...(width > 0 && height > 0 && { size }),
    ...(turned && { turned }),
  }
}

const turnsByDegrees: Readonly<Record<number, SideTurn>> = { 90: 'clock', 180: 'half', 270: 'cclock' }

/**
 * What FFmpeg does by itself to a film that lies at such an angle, as ffprobe counts it (fftools, autorotate); undefined
 * where that is nothing, or something for which there is no plain word.
 */
export function sideTurn(rotationDegrees: number): SideTurn | undefined {
  return turnsByDegrees[((-rotationDegrees % 360) + 360) % 360]
}

/** Slot of the stream's first frame. */
export function firstSlot(info: MediaInfo, stream: VideoStream, rate: Rational): number {
  return Math.round(streamStartSeconds(info, stream) * toNumber(rate))
}

/** Seconds from the container's start to the stream's. */
export function streamStartSeconds(info: MediaInfo, stream: VideoStream | AudioStream): number {
  return (stream.startSeconds ?? info.startSeconds) - info.startSeconds
}

/** Seconds from the container's start to the stream's end; null when the file does not say. */
export function streamEndSeconds(info: MediaInfo, stream: VideoStream | AudioStream): number | null {
  const duration = stream.durationSeconds ?? info.durationSeconds
  // FFmpeg's own muxer writes the time of the end, whatever the start is.
  if (info.formats.includes('matroska')) return duration === null ? null : duration - info.startSeconds
  return stream.durationSeconds === null
    ? duration
    : streamStartSeconds(info, stream) + stream.durationSeconds
}

/**
 * Samples of which every frame of a codec has a multiple, so that all of them begin at multiples: of AAC's 1024, of
 * a block of AC-3 or DTS (256), of half an MP3 frame (576), of the usual block sizes of FLAC.
 */
const frameGrain = wordTable<number>({
  ...{
    aac: 1024,
    ac3: 256,
    eac3: 256,
    dts: 256,
    mp2: 576,
    mp3: 576,
    flac: 128,
    alac: 4096,
  },
})

/** Sound as a plan has it for a session that begins at `seekSeconds` (from the container's start). */
export function soundSource(
  info: MediaInfo,
  stream: AudioStream,
  seekSeconds: number,
): Pick<AudioPart, 'firstSampleSeconds' | 'seekSeconds' | 'sourceFrames'> {
  const start = streamStartSeconds(info, stream)
  const sourceFrames = roundedFrames(stream, start)
  return {
    firstSampleSeconds: Math.max(start, seekSeconds),
    seekSeconds,
    ...(sourceFrames && { sourceFrames }),
  }
}

/**
 * For frames whose times the container rounds to more than a sample, as Matroska does with its milliseconds, but which
 * can be told exactly because they begin at multiples. Where times are exact nothing may be corrected: an edit list may
 * have cut the first frame, so that the others do not lie on a grid from the stream's start.
 */
function roundedFrames(stream: AudioStream, firstSeconds: number): AudioPart['sourceFrames'] | null {
  const samples = frameGrain[stream.codec ?? ''] ?? 0
  const tick = toNumber(stream.timeBase) * stream.sampleRate
  // Half a tick for the frame and half for the first one: multiples have to lie further apart to be told.
  const isTold = tick > 2 && samples > 1.2 * tick
  return isTold ? { samples, rate: stream.sampleRate, firstSeconds } : null
}
