import { type Rational, rescale, toNumber } from './rational.ts'

/**
 * The timeline of a plan: where its segments begin on a grid of numbered output slots. Slot k is the frame shown
 * at k / rate seconds of source time; a session makes the slots from `firstSlot` on.
 */
export interface Timeline {
  /** Slots per second. */
  readonly rate: Rational
  /** Slot of the session's first frame: 0 with an explicit constant rate from the start, see {@link firstSlotAfterSeek}. */
  readonly firstSlot: number
  /** Number of the first segment, as the media server counts. */
  readonly firstSegment: number
  /** The N of `force_key_frames expr:gte(t,n_forced*N)`; at least one slot long. */
  readonly segmentSeconds: number
  /** One past the last slot by the probed duration: an estimate, the real end is where the input ends. */
  readonly expectedEndSlot: number
  /** Where pictures are copied, slots are ticks of their stream, and segments begin at key frames of the source. */
  readonly cuts?: SourceCuts
}

/**
 * The key frames at which copied pictures are cut, as far as the source has been read: whoever reads on adds to it
 * while the session runs. There is at least one.
 */
export interface SourceCuts {
  /** Slot of each segment's first picture in decoding order, ascending. */
  readonly starts: readonly number[]
  /** When that picture is decoded, in slots; null where the file does not say. */
  readonly decoded: readonly (number | null)[]
  /** Pictures of each segment whose end is known: of all but the last of `starts`, and of that one at the end. */
  readonly frames: readonly number[]
  /** Where the last picture ends, once the source has been read to its end. */
  readonly endSlot: number | null
}

/** Where a slot is in source time, seconds: slot x tb in doubles, with tb = double(den) / double(num) of the rate. */
export function slotSeconds(timeline: Timeline, slot: number): number {
  return slot * slotLength(timeline)
}

/**
 * First slot of a segment (of `segment` as the media server counts): the first k with
 * (k - firstSlot) x tb >= n x N, n = segment - firstSegment.
 *
 * Computed in IEEE doubles as FFmpeg computes `gte(t,n_forced*N)` with t counted from the first encoded frame:
 * exact fractions are one frame off, e.g. at 2997/125 with N = 5 for n = 25. Throws RangeError for a segment before
 * the first.
 */
export function boundarySlot(timeline: Timeline, segment: number): number {
  const count = segment - timeline.firstSegment
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`segment ${segment} is not on the timeline`)
  if (timeline.cuts) return cutSlot(timeline, timeline.cuts, count)
  const tb = slotLength(timeline)
  const seconds = count * timeline.segmentSeconds
  // A guess from one division is at most one off; two comparisons in FFmpeg's own arithmetic settle it.
  let slots = Math.ceil(seconds / tb)
  while (slots > 0 && (slots - 1) * tb >= seconds) slots -= 1
  while (slots * tb < seconds) slots += 1
  return timeline.firstSlot + slots
}

/** Beyond what has been read of the source segments are taken to be as long as the server asked for. */
function cutSlot(timeline: Timeline, { starts, endSlot }: SourceCuts, count: number): number {
  const start = starts[count]
  if (start !== undefined) return start
  const usual = Math.ceil(timeline.segmentSeconds / slotLength(timeline))
  if (endSlot !== null) return endSlot + (count - starts.length) * usual
  return starts.at(-1)! + (count - starts.length + 1) * usual
}

/** One past the last segment whose beginning and end are known; Infinity on a grid, where all are. */
export function knownEndSegment({ firstSegment, cuts }: Timeline): number {
  return cuts ? firstSegment + cuts.frames.length : Number.POSITIVE_INFINITY
}

/** Segment that a slot belongs to. Throws RangeError for a slot before the first. */
export function segmentOfSlot(timeline: Timeline, slot: number): number {
  const slots = slot - timeline.firstSlot
  if (!Number.isSafeInteger(slots) || slots < 0) throw new RangeError(`slot ${slot} is not on the timeline`)
  if (timeline.cuts) return timeline.firstSegment + cutOfSlot(timeline, timeline.cuts, slot)
  const seconds = slots * slotLength(timeline)
  let count = Math.floor(seconds / timeline.segmentSeconds)
  while (count > 0 && count * timeline.segmentSeconds > seconds) count -= 1
  while ((count + 1) * timeline.segmentSeconds <= seconds) count += 1
  return timeline.firstSegment + count
}

function cutOfSlot(timeline: Timeline, { starts }: SourceCuts, slot: number): number {
  const within = starts.findLastIndex((start) => start <= slot)
  if (within < starts.length - 1) return within
  const usual = Math.ceil(timeline.segmentSeconds / slotLength(timeline))
  return within + Math.floor((slot - starts.at(-1)!) / usual)
}

/** One past the last segment that the probed duration lets expect; the first segment's number when there is none. */
export function expectedEndSegment(timeline: Timeline): number {
  const { cuts, firstSegment } = timeline
  if (cuts && cuts.endSlot !== null) return firstSegment + cuts.starts.length
  if (cuts) return Math.max(cutEstimate(timeline), firstSegment + cuts.starts.length + unreadSegments)
  if (timeline.expectedEndSlot <= timeline.firstSlot) return timeline.firstSegment
  return segmentOfSlot(timeline, timeline.expectedEndSlot - 1) + 1
}

/** Until the source has been read to its end, none of the segments read so far is taken to be the last. */
const unreadSegments = 3

function cutEstimate(timeline: Timeline): number {
  return segmentOfSlot(timeline, Math.max(timeline.firstSlot, timeline.expectedEndSlot - 1)) + 1
}

/** Frames of a whole segment; only the one in which the input ends has fewer. Infinity where it is not known yet. */
export function frameCount(timeline: Timeline, segment: number): number {
  if (timeline.cuts) return timeline.cuts.frames[segment - timeline.firstSegment] ?? Number.POSITIVE_INFINITY
  return boundarySlot(timeline, segment + 1) - boundarySlot(timeline, segment)
}

/** Seconds from a segment's first frame to the next segment's, as the difference of their {@link slotSeconds}. */
export function segmentSeconds(timeline: Timeline, segment: number): number {
  const from = slotSeconds(timeline, boundarySlot(timeline, segment))
  return slotSeconds(timeline, boundarySlot(timeline, segment + 1)) - from
}

/**
 * The slot of the first frame that an encoder gets after a seek: its timestamp (ticks of `timeBase`) times the rate,
 * to the nearest slot and halves upwards, as the fps filter places frames.
 */
export function firstSlotAfterSeek(pts: number, timeBase: Rational, rate: Rational): number {
  return rescale(pts, timeBase, { num: rate.den, den: rate.num })
}

function slotLength(timeline: Timeline): number {
  const tb = toNumber({ num: timeline.rate.den, den: timeline.rate.num })
  if (!(tb > 0) || !(timeline.segmentSeconds >= tb)) {
    throw new RangeError('a timeline has a rate above zero and segments of at least one slot')
  }
  return tb
}
