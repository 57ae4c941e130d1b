import { inspectSegment, type SegmentFacts } from '../../container/mpegts/inspect.ts'
import { MalformedTransportStream } from '../../container/mpegts/packet.ts'
import { ticksBetween, ticksPerSecond } from '../../container/mpegts/timestamp.ts'
import { boundarySlot, frameCount, slotSeconds } from '../../media/timeline.ts'
import { type Plan, timestampOffsetSeconds } from '../../plan/plan.ts'

/** What arrived, held against the timeline. */
export type ArrivedSegment =
  | { readonly ok: true; readonly short: boolean }
  | { readonly ok: false; readonly why: string }

/**
 * A picture segment is whole when its container is complete, it begins at its slot and it has as many frames as the
 * timeline says; one with fewer can only be the last. A lease whose seek landed late would deliver whole segments of
 * the wrong pictures: only their times show it. Sound is not counted: its files are cut near the boundaries, not on
 * them.
 */
export function judgeSegment(plan: Plan, part: string, segment: number, bytes: Buffer): ArrivedSegment {
  try {
    const facts = inspectSegment(bytes)
    if (part !== 'video') return { ok: true, short: false }
    const wanted = frameCount(plan.timeline, segment)
    if (facts.units > wanted)
      return { ok: false, why: `${facts.units} frames where the timeline has ${wanted}` }
    const slots = slotsBeside(plan, segment, facts)
    if (slots !== 0) return { ok: false, why: `it begins ${slots} frames beside its place` }
    return { ok: true, short: facts.units < wanted }
  } catch (error) {
    if (error instanceof MalformedTransportStream) return { ok: false, why: error.message }
    throw error
  }
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
