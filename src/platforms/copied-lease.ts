import { boundarySlot, slotSeconds, type Timeline } from '../media/timeline.ts'
import { type CopiedPicture, deliveredTransport, type Plan } from '../plan/plan.ts'
import type { FfmpegFacts } from './capabilities.ts'
import { cutOrigin, debianFacts } from './ffmpeg-words.ts'
import {
  absoluteTimes,
  inputArguments,
  marginSeconds,
  quietStart,
  secondsText,
  segmentOutput,
} from './lease-arguments.ts'
import type { LeaseRange } from './platform.ts'

/**
 * The command of a lease with copied pictures, the same on every platform. Reading begins before the lease's first key
 * frame, and what comes before that is left out again (`-copypriorss 0`, which counts in decoding times): what a
 * container does not say of decoding times FFmpeg works out from the packets before, and then it comes out as in one
 * copy of the whole. Times are those of the source, as they are.
 */
export function copiedLease(
  plan: Plan,
  range: LeaseRange,
  encoder: CopiedPicture,
  facts: FfmpegFacts = debianFacts,
): string[] {
  const { source } = plan.video
  const { timeline } = plan
  const input = plan.inputs[source.input]!
  const isFirst = range.from === timeline.firstSegment
  const beginSeconds = isFirst ? 0 : beforeDecoding(timeline, range.from)
  const seekSeconds = isFirst
    ? encoder.seekSeconds
    : secondsAt(timeline, range.from) - marginSeconds(input, range.failures)
  const transport = deliveredTransport(plan.packaging)
  const origin = beginSeconds + cutOrigin(facts, secondsAt(timeline, range.from) - beginSeconds)
  return [
    ...quietStart,
    ...inputArguments(input, source.input, { seconds: seekSeconds, accurate: false }),
    ...absoluteTimes,
    ...['-map', `${source.input}:${source.stream}`, '-an', '-sn', '-dn', '-c:v', 'copy'],
    ...setsBeforeKeyFrames(encoder),
    ...(isFirst ? [] : ['-copypriorss:v', '0', '-ss', secondsText(beginSeconds)]),
    ...(range.open ? [] : ['-t', secondsText(beforeDecoding(timeline, range.to) - beginSeconds)]),
    ...(plan.video.language === undefined ? [] : ['-metadata:s:0', `language=${plan.video.language}`]),
    ...segmentOutput(
      // Beginning later moves all times back by as much.
      { ...transport, outputOffsetSeconds: onTick(transport.outputOffsetSeconds + beginSeconds) },
      { option: '-segment_times', values: cutTimes(timeline, range, origin) },
      range.from,
    ),
  ]
}

/** Ticks per second of transport streams: what is cut off at a tick moves times by whole ticks. */
const ticksPerSecond = 90_000
/** Less than any picture lasts, and more than any rounding. */
const toleranceSeconds = 0.002

/** Just before the first picture of a segment is decoded, or shown where nothing is said of decoding. */
function beforeDecoding(timeline: Timeline, segment: number): number {
  const decoded = timeline.cuts?.decoded[segment - timeline.firstSegment] ?? boundarySlot(timeline, segment)
  const ticks = Math.round((slotSeconds(timeline, decoded) - toleranceSeconds) * ticksPerSecond)
  return ticks / ticksPerSecond
}

const onTick = (seconds: number): number => Number(seconds.toFixed(6))

const secondsAt = (timeline: Timeline, segment: number): number =>
  slotSeconds(timeline, boundarySlot(timeline, segment))

/**
 * Transport streams have parameter sets before each key frame. From a file that keeps them apart FFmpeg puts them
 * before those of H.264 only that nothing reaches across (IDR), and not before others that a segment may begin with.
 */
function setsBeforeKeyFrames({ source, setsApart }: CopiedPicture): string[] {
  return setsApart && source === 'h264' ? ['-bsf:v', 'h264_mp4toannexb,dump_extra=freq=keyframe'] : []
}

/** Just before each key frame that begins a segment. */
function cutTimes(timeline: Timeline, { from, to }: LeaseRange, origin: number): string[] {
  const known = timeline.cuts?.starts.length ?? 0
  const end = Math.min(to, timeline.firstSegment + known)
  return Array.from({ length: Math.max(0, end - from - 1) }, (_, index) =>
    secondsText(secondsAt(timeline, from + 1 + index) - origin - toleranceSeconds),
  )
}
