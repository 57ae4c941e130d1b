import { splitByteStream } from '../../container/mp4/nal-units.ts'
import { parameterSetsOf } from '../../container/mp4/parameter-sets.ts'
import { pictureCodec } from '../../container/mp4/picture-codec.ts'
import { pictureFault } from '../../container/mp4/picture-fault.ts'
import { inspectSegment, type SegmentFacts } from '../../container/mpegts/inspect.ts'
import { MalformedTransportStream } from '../../container/mpegts/packet.ts'
import { packetFault } from '../../container/mpegts/packet-fault.ts'
import { type ElementaryStream, readProgramMap } from '../../container/mpegts/tables.ts'
import { ticksBetween, ticksPerSecond } from '../../container/mpegts/timestamp.ts'
import { readAccessUnits } from '../../container/mpegts/units.ts'
import { boundarySlot, frameCount, slotSeconds } from '../../media/timeline.ts'
import { type Plan, soundTimeline, timestampOffsetSeconds } from '../../plan/plan.ts'
import { soundFrameSeconds } from '../../platforms/sound-lease.ts'
import { promiseBroken } from './promised-picture.ts'

/** What arrived, held against the timeline. */
export type ArrivedSegment =
  | { readonly ok: true; readonly short: boolean }
  | { readonly ok: false; readonly why: string }

/**
 * A picture segment is whole when its container is complete, it begins at its slot and it has as many frames as the
 * timeline says; one with fewer can only be the last. A lease whose seek landed late would deliver whole segments of
 * the wrong pictures: only their times show it. Sound is not counted, for its files are cut near the boundaries, not on
 * them; but a file in which it stops well before its boundary can only be the last, or have a pause at its end.
 */
export function judgeSegment(plan: Plan, part: string, segment: number, bytes: Buffer): ArrivedSegment {
  try {
    const facts = inspectSegment(bytes)
    const broken = partFault(plan, part, bytes)
    if (part !== 'video') {
      return broken === null
        ? { ok: true, short: soundStops(plan, segment, facts) }
        : { ok: false, why: broken }
    }
    const wanted = frameCount(plan.timeline, segment)
    if (facts.units > wanted)
      return { ok: false, why: `${facts.units} frames where the timeline has ${wanted}` }
    const slots = slotsBeside(plan, segment, facts)
    if (slots !== 0) return { ok: false, why: `it begins ${slots} frames beside its place` }
    return broken === null ? { ok: true, short: facts.units < wanted } : { ok: false, why: broken }
  } catch (error) {
    if (error instanceof MalformedTransportStream) return { ok: false, why: error.message }
    throw error
  }
}

/**
 * Why the bytes cannot be right though the count is: packets are missing, or what an encoder should have made is none of
 * its pictures. Nothing is decoded, so a picture of the wrong things, such as a green one, passes.
 */
function partFault(plan: Plan, part: string, bytes: Buffer): string | null {
  const [stream] = readProgramMap(bytes)
  if (!stream) return 'it has no stream'
  const fault = packetFault(bytes, stream.pid)
  // What a film has in it that is copied is not for us to judge.
  if (fault !== null || part !== 'video' || plan.video.encoder.codec === 'copy') return fault
  return picturesFault(plan, stream, bytes)
}

function picturesFault(plan: Plan, { pid, streamType }: ElementaryStream, bytes: Buffer): string | null {
  const pictures = readAccessUnits(bytes, pid)
  for (const [index, { data }] of pictures.entries()) {
    const fault = pictureFault(data, streamType, index === 0)
    if (fault !== null) return `picture ${index} is broken: ${fault}`
  }
  const first = pictures[0]
  if (!first) return null
  const sets = parameterSetsOf(splitByteStream(first.data), pictureCodec(streamType).units)
  return sets ? promiseBroken(plan, sets) : 'its pictures begin without parameter sets'
}

/** Frames of sound, priming with them, by which a file may end before its boundary. */
const cutFrames = 4

function soundStops(plan: Plan, segment: number, { lastPts }: SegmentFacts): boolean {
  if (!plan.audio || lastPts === null) return false
  const grid = soundTimeline(plan)
  const end = slotSeconds(grid, boundarySlot(grid, segment + 1)) + timestampOffsetSeconds(plan.packaging)
  const missing = ticksBetween(lastPts, Math.round(end * ticksPerSecond)) / ticksPerSecond
  return missing > cutFrames * soundFrameSeconds(plan.audio.encoder)
}

/** Less than any picture lasts: rounding. */
const toleranceSeconds = 0.002

/** How many slots after its own a segment's first picture is shown. */
function slotsBeside({ timeline, packaging }: Plan, segment: number, facts: SegmentFacts): number {
  // A segment of copied pictures begins with its key frame, though others that lead it may be shown before.
  const firstPts = timeline.cuts ? facts.openingPts : facts.firstPts
  if (firstPts === null) return Number.NaN
  const due = slotSeconds(timeline, boundarySlot(timeline, segment)) + timestampOffsetSeconds(packaging)
  const late = ticksBetween(Math.round(due * ticksPerSecond), firstPts) / ticksPerSecond
  // The ticks of a source may be finer than those of a transport stream.
  if (timeline.cuts && Math.abs(late) < toleranceSeconds) return 0
  return Math.round(late / slotSeconds(timeline, 1))
}
