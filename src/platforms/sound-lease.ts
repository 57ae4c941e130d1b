import { boundarySlot, slotSeconds } from '../media/timeline.ts'
import {
  type AudioEncoder,
  type AudioPart,
  type Packaging,
  type Plan,
  type SoundOperation,
  timestampOffsetSeconds,
} from '../plan/plan.ts'
import {
  absoluteTimes,
  inputArguments,
  type Muxing,
  quietStart,
  secondsText,
  segmentOutput,
} from './lease-arguments.ts'
import type { LeaseRange } from './platform.ts'

/** Samples in a frame, and the samples that an encoder puts before the first one. */
const encoders: Record<AudioEncoder['codec'], { name: string; frame: number; priming: number }> = {
  aac: { name: 'aac', frame: 1024, priming: 1024 },
  ac3: { name: 'ac3', frame: 1536, priming: 256 },
  eac3: { name: 'eac3', frame: 1536, priming: 256 },
  mp3: { name: 'libmp3lame', frame: 1152, priming: 1105 },
  opus: { name: 'libopus', frame: 960, priming: 312 },
}

/** How long one encoded frame of sound lasts. */
export function soundFrameSeconds(encoder: AudioEncoder): number {
  return encoders[encoder.codec].frame / encoder.rate
}

/** Frames encoded and thrown away before a seam: with fewer the decoder hears the encoder's start (measured). */
const preRollFrames = 4

/**
 * The command of a lease with sound. A session's sound is one lease from its beginning, so that filters with a
 * memory (`aresample=async=1`) run as in the server's own transcoder. Only when its node is lost does another
 * lease begin in the middle: on the same grid of frames, with a pre-roll that is dropped.
 */
export function soundLease(plan: Plan, range: LeaseRange): string[] {
  const audio = plan.audio
  if (!audio) throw new RangeError('this plan has no sound')
  const start = leaseStart(plan, audio, range)
  const input = plan.inputs[audio.source.input]!
  return [
    ...quietStart,
    ...inputArguments(input, audio.source.input, start.seek),
    ...absoluteTimes,
    ...['-map', `${audio.source.input}:${audio.source.stream}`, '-vn', '-sn', '-dn'],
    ...filterArguments([...start.beforeFilters, ...audio.operations.map(filterText), ...start.filters]),
    ...encoderArguments(audio.encoder),
    ...start.dropped,
    ...(audio.language === undefined ? [] : ['-metadata:s:0', `language=${audio.language}`]),
    ...segmentOutput(
      singleFrames(plan.packaging),
      { option: '-segment_times', values: cutTimes(plan, range) },
      range.from,
    ),
  ]
}

/**
 * One frame in each PES packet, so that the head can tell which segment each belongs to: the muxer collects small
 * frames (its least pes_payload_size is 170 bytes) unless max_delay is 0, which then moves no timestamps either.
 */
function singleFrames(packaging: Packaging): Muxing {
  return {
    maxDelayMicroseconds: 0,
    outputOffsetSeconds: timestampOffsetSeconds(packaging),
    more: ':pes_payload_size=0',
  }
}

interface LeaseStart {
  readonly seek: { seconds: number; accurate: boolean }
  /** Put before and after the filters of the plan. */
  readonly beforeFilters: readonly string[]
  readonly filters: readonly string[]
  readonly dropped: readonly string[]
}

function leaseStart(plan: Plan, audio: AudioPart, range: LeaseRange): LeaseStart {
  if (range.from === plan.timeline.firstSegment) {
    return {
      seek: { seconds: audio.seekSeconds, accurate: true },
      beforeFilters: [],
      filters: [],
      dropped: [],
    }
  }
  const { rate, codec } = audio.encoder
  const { frame, priming } = encoders[codec]
  const firstSample = Math.round(audio.firstSampleSeconds * rate)
  const boundary = slotSeconds(plan.timeline, boundarySlot(plan.timeline, range.from)) * rate
  const firstFrame = Math.max(0, Math.ceil((boundary - firstSample + priming) / frame))
  const preRoll = Math.min(preRollFrames, firstFrame)
  const startSample = firstSample + (firstFrame - preRoll) * frame
  return {
    // A second early, because a seek in Matroska is good to a millisecond only; atrim then cuts to the sample.
    seek: { seconds: startSample / rate - 1, accurate: false },
    filters: [`asettb=1/${rate}`, `atrim=start_pts=${startSample}`],
    beforeFilters: exactTimes(audio),
    dropped: ['-bsf:a', `noise=drop=lt(n\\,${preRoll})`],
  }
}

/**
 * Containers that store milliseconds round each frame's time by up to half of one, and a filter that begins in the
 * middle would keep the error of the frame it began with. Where every source frame has the same number of samples,
 * the exact time is the nearest multiple.
 */
function exactTimes(audio: AudioPart): string[] {
  if (!audio.sourceFrames) return []
  const { samples, rate } = audio.sourceFrames
  const first = Math.round(audio.firstSampleSeconds * rate)
  return [`asettb=1/${rate}`, `asetpts=${first}+${samples}*round((PTS-${first})/${samples})`]
}

function cutTimes(plan: Plan, range: LeaseRange): string[] {
  return Array.from({ length: range.to - range.from - 1 }, (_, index) =>
    secondsText(slotSeconds(plan.timeline, boundarySlot(plan.timeline, range.from + 1 + index))),
  )
}

function filterArguments(filters: readonly string[]): string[] {
  return filters.length === 0 ? [] : ['-af', filters.join(',')]
}

function filterText(operation: SoundOperation): string {
  const options: [string, string | undefined][] = [
    ['async', operation.async],
    ['ochl', operation.layout],
    ['rematrix_maxval', operation.rematrixMaximum],
    ['osr', operation.rate],
  ]
  const written = options
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
  return `aresample=${written.join(':')}`
}

function encoderArguments(encoder: AudioEncoder): string[] {
  const args = ['-c:a', encoders[encoder.codec].name, '-ar', String(encoder.rate)]
  if (encoder.bitrate !== undefined) args.push('-b:a', encoder.bitrate)
  if (encoder.channels !== undefined) args.push('-ac', encoder.channels)
  return args
}
