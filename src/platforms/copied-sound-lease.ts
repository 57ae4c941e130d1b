import { boundarySlot, slotSeconds } from '../media/timeline.ts'
import { type AudioPart, type CopiedPackets, type Plan, soundTimeline } from '../plan/plan.ts'
import type { FfmpegFacts } from './capabilities.ts'
import { copiedTime, countsFromFirst, cutOrigin, debianFacts } from './ffmpeg-words.ts'
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

/** A seek in Matroska is good to a millisecond only, and sound may lie away from the pictures that a seek goes by. */
const leastMarginSeconds = 1

/**
 * Where between two packets leases are cut, as a share of one, before the one that comes after: not in the middle, since
 * sound may be stored in halves of what its packets usually hold.
 */
const cutShare = 0.4

/**
 * The command of a lease with copied sound. A session's is one lease from its beginning, and begins as the server's own
 * transcoder does: with the first packet that is heard at the place that is sought (`-copypriorss 0`). When its node is lost
 * another one begins with the first packet that is heard after a segment's first picture; containers that round times to
 * milliseconds leave its times within one of those that the first lease would have had.
 *
 * @param facts of the FFmpeg that makes it
 */
export function copiedSoundLease(
  plan: Plan,
  audio: AudioPart,
  packets: CopiedPackets,
  range: LeaseRange,
  facts: FfmpegFacts = debianFacts,
): string[] {
  const grid = packetGrid(plan, audio, packets)
  const isFirst = range.from === plan.timeline.firstSegment
  const input = plan.inputs[audio.source.input]!
  const fromStart = isFirst || isOnePiece(input) || isOnePiece(audio)
  const margin = Math.max(leastMarginSeconds, marginSeconds(input, range.failures))
  const begin = isFirst ? grid.sessionStart : grid.firstHeard(range.from)
  const before = (seconds: number) => secondsText(grid.before(seconds))
  // FFmpeg seeks a transport stream by its own clock, and copies what it finds there from some way before the place on.
  const findsEarlier = !isFirst || (audio.seekSeconds > 0 && countsFromFirst(facts))
  const time = copiedTime(facts)
  const drop = [
    ...(findsEarlier ? [`lt(${time}\\,${before(begin)})`] : []),
    ...(range.open ? [] : [`gte(${time}\\,${before(grid.firstHeard(range.to))})`]),
  ]
  const seek = fromStart
    ? { seconds: audio.seekSeconds, accurate: true }
    : { seconds: grid.before(begin) - margin, accurate: false }
  const origin = cutOrigin(facts, begin)
  const cuts = Array.from({ length: range.to - range.from - 1 }, (_, index) =>
    secondsText(Math.max(0, grid.before(grid.firstHeard(range.from + 1 + index)) - origin)),
  )
  return [
    ...quietStart,
    ...inputArguments(input, audio.source.input, seek),
    ...absoluteTimes,
    ...['-map', `${audio.source.input}:${audio.source.stream}`, '-vn', '-sn', '-dn', '-c:a', 'copy'],
    ...['-copypriorss:a', '0'],
    ...(drop.length === 0 ? [] : ['-bsf:a', `noise=drop=${drop.join('+')}`]),
    ...(audio.language === undefined ? [] : ['-metadata:s:0', `language=${audio.language}`]),
    ...segmentOutput(singleFrames(plan.packaging), { option: '-segment_times', values: cuts }, range.from),
  ]
}

/** When packets are heard, seconds; all of them are as long as each other. */
interface PacketGrid {
  readonly sessionStart: number
  /** The first packet that is heard at or after a segment's first picture. */
  firstHeard(segment: number): number
  /** Shortly before a packet that is heard then, and behind the packet before that. */
  before(seconds: number): number
}

function packetGrid(plan: Plan, audio: AudioPart, { samples, firstSeconds }: CopiedPackets): PacketGrid {
  const lengthSeconds = samples / audio.encoder.rate
  const timeline = soundTimeline(plan)
  // Less than rounding can move a packet, for one that begins with a picture.
  const slack = 1e-3
  const heardFrom = (seconds: number): number =>
    firstSeconds + Math.max(0, Math.ceil((seconds - firstSeconds) / lengthSeconds - slack)) * lengthSeconds
  const sessionStart = heardFrom(audio.seekSeconds)
  const firstHeard = (segment: number): number =>
    Math.max(sessionStart, heardFrom(slotSeconds(timeline, boundarySlot(timeline, segment))))
  return { sessionStart, firstHeard, before: (seconds) => seconds - cutShare * lengthSeconds }
}
