import type { PlanInput } from '../plan/plan.ts'

/**
 * Pieces of a lease's command that are the same on every platform. `{input:N}`, `{output}` and `{progress}` are
 * replaced by the agent.
 */

/** Options before everything else: an agent wants errors only, and never a question on stdin. */
export const quietStart: readonly string[] = [
  '-hide_banner',
  '-nostdin',
  '-v',
  'error',
  '-stats_period',
  '0.5',
]

/** Options after the inputs, as the server's own: times stay those of the file, counted from its start. */
export const absoluteTimes: readonly string[] = ['-start_at_zero', '-copyts']

/**
 * In containers whose clock may jump (MPEG-TS, Ogg), FFmpeg counts from the first of the streams that a command uses,
 * not from the file's start, unless told of an offset (ffmpeg.c, "Correcting start time"). A lease uses one stream
 * alone: picture and sound would be counted from different beginnings. A microsecond is less than a tick of theirs.
 */
const fromFileStart = '0.000001'

/**
 * Opens input `index` at `seek.seconds` (from the file's start); nothing is skipped for a seek to 0 or before.
 * With `keepsFilters` pictures of another size or format go through the filters that are there.
 * @param offset seconds added to its times: anything but 0, see above.
 */
export function inputArguments(
  input: PlanInput,
  index: number,
  seek: { seconds: number; accurate: boolean; keepsFilters?: boolean },
  offset: string = fromFileStart,
): string[] {
  const args: string[] = []
  if (seek.seconds > 0) {
    if (!seek.accurate) args.push('-noaccurate_seek')
    args.push('-ss', secondsText(seek.seconds))
  }
  if (input.analyzeDuration !== undefined) args.push('-analyzeduration', input.analyzeDuration)
  if (input.probeSize !== undefined) args.push('-probesize', input.probeSize)
  if (seek.keepsFilters) args.push('-reinit_filter', '0')
  return [...args, '-itsoffset', offset, '-i', `{input:${index}}`]
}

/**
 * How long before the first wanted moment a lease begins to decode. A first failure may be a seek that landed late:
 * the next lease starts four times as early.
 */
export function marginSeconds(input: PlanInput, failures: number): number {
  const verdict = input.seeking?.verdict
  const base = Math.max(input.seekMarginSeconds, verdict?.kind === 'seek' ? verdict.marginSeconds : 0)
  return failures === 0 ? base : Math.max(base, 1) * 4 ** Math.min(failures, 3)
}

/** Whether every lease has to decode from where the session begins, since a seek into the middle is not to be trusted. */
export function isOnePiece(part: Pick<PlanInput, 'seeking'>): boolean {
  return part.seeking?.verdict.kind === 'one-piece'
}

/** How the segments' muxer moves timestamps, and its other options. */
export interface Muxing {
  readonly maxDelayMicroseconds: number
  readonly outputOffsetSeconds: number
  readonly more?: string
}

/**
 * Sends each segment to the agent as it is made. `ssegment` rather than `segment`, so that parameter sets stay
 * in the stream before every key frame.
 */
export function segmentOutput(
  muxing: Muxing,
  cuts: { option: '-segment_frames' | '-segment_times'; values: readonly string[] },
  first: number,
): string[] {
  const options = `output_ts_offset=${muxing.outputOffsetSeconds}${muxing.more ?? ''}`
  return [
    ...['-max_delay', String(muxing.maxDelayMicroseconds), '-avoid_negative_ts', 'disabled'],
    ...['-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-f', 'ssegment', '-segment_format', 'mpegts', '-segment_format_options', options],
    ...(cuts.values.length > 0 ? [cuts.option, cuts.values.join(',')] : ['-segment_time', endless]),
    ...['-segment_start_number', String(first), '-progress', '{progress}', '{output}/%d'],
  ]
}

/** A lease of one segment must not be cut at the muxer's default of two seconds. */
const endless = '100000'

/** Seconds with microseconds and without an exponent, as FFmpeg's time parser takes them. */
export function secondsText(seconds: number): string {
  return seconds.toFixed(6)
}
