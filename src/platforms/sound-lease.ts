import { boundarySlot, slotSeconds } from '../media/timeline.ts'
import {
  type AudioEncoder,
  type AudioPart,
  type Plan,
  type SoundOperation,
  soundTimeline,
} from '../plan/plan.ts'
import type { FfmpegFacts } from './capabilities.ts'
import { cutOrigin, debianFacts, filterTicks } from './ffmpeg-words.ts'
import {
  absoluteTimes,
  inputArguments,
  isOnePiece,
  marginSeconds,
  quietStart,
  secondsText,
  segmentOutput,
} from './lease-arguments.ts'
import type { LeaseRange } from './platform.ts'
import { singleFrames } from './single-frames.ts'

/** Samples in a frame, and the samples that an encoder puts before the first one. */
const encoders: Record<
  Exclude<AudioEncoder['codec'], 'copy'>,
  { name: string; frame: number; priming: number }
> = {
  aac: { name: 'aac', frame: 1024, priming: 1024 },
  ac3: { name: 'ac3', frame: 1536, priming: 256 },
  eac3: { name: 'eac3', frame: 1536, priming: 256 },
  mp3: { name: 'libmp3lame', frame: 1152, priming: 1105 },
  opus: { name: 'libopus', frame: 960, priming: 312 },
}

/** Throws RangeError for sound that is copied. */
function encoderFacts({ codec }: AudioEncoder): (typeof encoders)['aac'] {
  if (codec === 'copy') throw new RangeError('copied sound has no encoder')
  return encoders[codec]
}

/** How long one encoded frame of sound lasts, or a packet that is copied. */
export function soundFrameSeconds(encoder: AudioEncoder): number {
  return (encoder.packets?.samples ?? encoderFacts(encoder).frame) / encoder.rate
}

/**
 * Frames encoded and thrown away before a seam, so that the encoder's rate control has settled. Largest difference from
 * an uncut lease near a seam, as a share of full scale, AAC at 160 kbit/s (measured): none 0.59, two 0.31, four 0.09,
 * sixteen 0.03, which is what the encoder's own noise comes to.
 */
const preRollFrames = 16

/** Frames that the encoder gets beyond the last one of a lease that ends: it looks ahead, and so does the resampler. */
const lookAheadFrames = 3

/** A seek in Matroska is good to a millisecond only, and sound may lie away from the pictures that a seek goes by. */
const leastMarginSeconds = 1

/**
 * The command of a lease with sound. A session's sound is one lease from its beginning, so that filters with a
 * memory (`aresample=async=1`) run as in the server's own transcoder. Only when its node is lost does another
 * lease begin in the middle: on the same grid of frames, with a pre-roll that is dropped.
 *
 * @param facts of the FFmpeg that makes it
 */
export function soundLease(plan: Plan, range: LeaseRange, facts: FfmpegFacts = debianFacts): string[] {
  const audio = plan.audio
  if (!audio) throw new RangeError('this plan has no sound')
  const grid = soundGrid(plan, audio)
  const ticksPerSecond = filterTicks(facts, grid.rate)
  const firstFrame = isFirst(plan, range) ? 0 : grid.firstFrame(range.from)
  const dropped = Math.min(preRollFrames, firstFrame)
  const start = leaseStart(plan, audio, range, grid.inputSample(firstFrame - dropped))
  const end = leaseEnd(grid, range, ticksPerSecond)
  const drop = [...(dropped === 0 ? [] : [`lt(n\\,${dropped})`]), ...end.drop, heardBefore]
  return [
    ...quietStart,
    ...inputArguments(plan.inputs[audio.source.input]!, audio.source.input, start.seek),
    ...absoluteTimes,
    ...['-map', `${audio.source.input}:${audio.source.stream}`, '-vn', '-sn', '-dn'],
    ...filterArguments([
      ...start.before,
      ...audio.operations.map(filterText),
      ...start.after,
      ...end.filters,
    ]),
    ...encoderArguments(audio.encoder),
    ...bitstreamFilters([
      `noise=drop=${drop.join('+')}`,
      ...(tellsDurations(plan) ? [tellDuration(audio.encoder, ticksPerSecond)] : []),
    ]),
    ...(audio.language === undefined ? [] : ['-metadata:s:0', `language=${audio.language}`]),
    ...segmentOutput(
      singleFrames(plan.packaging),
      {
        option: '-segment_times',
        values: cutTimes(grid, range, cutOrigin(facts, grid.timestamp(firstFrame) / grid.rate)),
      },
      range.from,
    ),
  ]
}

/** The session's grid of encoded frames, counted from the session's first one; samples are of the encoder's rate. */
interface SoundGrid {
  readonly rate: number
  readonly frame: number
  /** The first frame that is heard at or after a segment's first picture. */
  firstFrame(segment: number): number
  /** Where the encoder's input for a frame begins; its timestamp lies before that by the priming. */
  inputSample(frame: number): number
  timestamp(frame: number): number
}

function soundGrid(plan: Plan, audio: AudioPart): SoundGrid {
  const { rate } = audio.encoder
  const { frame, priming } = encoderFacts(audio.encoder)
  const firstSample = Math.round(audio.firstSampleSeconds * rate)
  const timeline = soundTimeline(plan)
  const inputSample = (number: number) => firstSample + number * frame
  return {
    ...{ rate, frame, inputSample },
    timestamp: (number) => inputSample(number) - priming,
    firstFrame(segment) {
      const boundary = slotSeconds(timeline, boundarySlot(timeline, segment)) * rate
      return Math.max(0, Math.ceil((boundary - firstSample + priming) / frame))
    },
  }
}

const isFirst = (plan: Plan, range: LeaseRange): boolean => range.from === plan.timeline.firstSegment

/** Where a lease begins, and the filters before and after those of the plan. */
interface LeaseStart {
  readonly seek: { seconds: number; accurate: boolean }
  readonly before: readonly string[]
  readonly after: readonly string[]
}

function leaseStart(plan: Plan, audio: AudioPart, range: LeaseRange, sample: number): LeaseStart {
  const { rate } = audio.encoder
  // After a seek, times that a container has rounded begin anywhere within that rounding: not as the server has it.
  const isExact = audio.seekSeconds === 0 || !audio.sourceFrames
  const input = plan.inputs[audio.source.input]!
  if (!isFirst(plan, range) && (isOnePiece(input) || isOnePiece(audio))) {
    const first = { ...range, from: plan.timeline.firstSegment }
    const whole = leaseStart(plan, audio, first, soundGrid(plan, audio).inputSample(0))
    return { ...whole, after: [...whole.after, `atrim=start_pts=${sample}`] }
  }
  if (isFirst(plan, range) && isExact) {
    return {
      ...{ seek: { seconds: audio.seekSeconds, accurate: true }, before: [] },
      after: [`asettb=1/${rate}`, beginAt(sample)],
    }
  }
  const margin = Math.max(leastMarginSeconds, marginSeconds(input, range.failures))
  return {
    seek: { seconds: sample / rate - margin, accurate: false },
    before: exactTimes(audio),
    after: [`asettb=1/${rate}`, `atrim=start_pts=${sample}`, beginAt(sample)],
  }
}

/**
 * Fills up with silence, or drops, what is missing or too much at the beginning (from 20 us on): packets are counted
 * from there, and some decoders give nothing for the first time that a file names.
 */
function beginAt(sample: number): string {
  return `aresample=first_pts=${sample}:min_comp=0.00002`
}

/** A lease that another one follows ends before that one's first frame; the last one ends with the input. */
function leaseEnd(
  grid: SoundGrid,
  range: LeaseRange,
  ticksPerSecond: number,
): { filters: readonly string[]; drop: readonly string[] } {
  if (range.open) return { filters: [], drop: [] }
  const next = grid.firstFrame(range.to)
  const endSeconds = (grid.timestamp(next) - grid.frame / 2) / grid.rate
  return {
    filters: [`asettb=1/${grid.rate}`, `atrim=end_pts=${grid.inputSample(next + lookAheadFrames)}`],
    drop: [`gte(pts\\,${Math.max(0, Math.round(endSeconds * ticksPerSecond))})`],
  }
}

/**
 * Sound that changes its channels or its rate half-way begins the filters anew, and they fill up from the lease's first
 * sample once more. What is not later than all packets before is left out; a trillion is more than any time, so that
 * the first packet is later than nothing.
 */
const heardBefore = 'lte(pts+1000000000000\\,ld(1))+0*st(1\\,max(ld(1)\\,pts+1000000000000))'

/**
 * Containers that store milliseconds round each frame's time by up to half of one, and a filter that begins in the
 * middle would keep the error of the frame it began with. The exact time is the nearest multiple.
 */
function exactTimes(audio: AudioPart): string[] {
  if (!audio.sourceFrames) return []
  const { samples, rate, firstSeconds } = audio.sourceFrames
  const first = Math.round(firstSeconds * rate)
  return [`asettb=1/${rate}`, `asetpts=${first}+${samples}*round((PTS-${first})/${samples})`]
}

/** Half a frame before each segment's first frame: whichever way a muxer rounds, that frame begins the file. */
function cutTimes(grid: SoundGrid, range: LeaseRange, origin: number): string[] {
  return Array.from({ length: range.to - range.from - 1 }, (_, index) => {
    const first = grid.timestamp(grid.firstFrame(range.from + 1 + index))
    // A file without a frame of its own is cut where the lease begins.
    return secondsText(Math.max(0, (first - grid.frame / 2) / grid.rate - origin))
  })
}

function filterArguments(filters: readonly string[]): string[] {
  return filters.length === 0 ? [] : ['-af', filters.join(',')]
}

function bitstreamFilters(filters: readonly string[]): string[] {
  return filters.length === 0 ? [] : ['-bsf:a', filters.join(',')]
}

/** MP4 counts samples, so that its last frame may be shorter than others; no other container does. */
function tellsDurations({ packaging }: Plan): boolean {
  return packaging.kind === 'dash' || (packaging.kind === 'file' && packaging.format === 'mp4')
}

/**
 * A transport stream has no durations, but the last frame of sound in MP4 counts only as many samples as there are. A
 * frame that lacks some is decoded as much before it is heard; all others are decoded when they are heard.
 */
function tellDuration(encoder: AudioEncoder, ticksPerSecond: number): string {
  const whole = Math.round(soundFrameSeconds(encoder) * ticksPerSecond)
  return `setts=dts=min(PTS\\,PTS+DURATION-${whole})`
}

function filterText(operation: SoundOperation): string {
  if (operation.kind === 'mix') return `pan=${operation.shares}`
  if (operation.kind === 'volume') return `volume=${operation.factor}`
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
  const args = ['-c:a', encoderFacts(encoder).name, '-ar', String(encoder.rate)]
  if (encoder.bitrate !== undefined) args.push('-b:a', encoder.bitrate)
  if (encoder.channels !== undefined) args.push('-ac', encoder.channels)
  return args
}
