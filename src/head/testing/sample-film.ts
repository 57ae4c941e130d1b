import {
  samplePictures,
  sampleSoundSegment,
  sampleVideoSegment,
} from '../../container/mpegts/testing/sample-segment.ts'
import { ticksPerSecond } from '../../container/mpegts/timestamp.ts'
import { boundarySlot, frameCount } from '../../media/timeline.ts'
import { type Plan, timestampOffsetSeconds } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { soundFrameSeconds } from '../../platforms/sound-lease.ts'

/** What nodes would make of an input, without any ffmpeg: whole transport streams with the right times. */
export interface SampleFilm {
  readonly plan: Plan
  /** A part's segment; null where the input has ended. */
  segment(part: string, number: number): Buffer | null
}

/**
 * A film of so many pictures and so many frames of sound; `null` is a film without sound. `plan` is what is known of
 * it beforehand, and may be wrong about its length.
 */
export function sampleFilm(
  pictures: number,
  soundFrames: number | null,
  plan: Plan = soundFrames === null ? { ...samplePlan, audio: null } : samplePlan,
): SampleFilm {
  return {
    plan,
    segment: (part, number) =>
      part === 'video'
        ? pictureSegment(plan, pictures, number)
        : soundSegment(plan, soundFrames ?? 0, number),
  }
}

/** Bytes of each picture: enough for a segment to be more than a pipe holds without waiting. */
const pictureBytes = 800

function pictureSegment(plan: Plan, pictures: number, number: number): Buffer | null {
  const { timeline, packaging } = plan
  const first = boundarySlot(timeline, number)
  const count = Math.min(frameCount(timeline, number), timeline.firstSlot + pictures - first)
  if (count <= 0) return null
  const frameTicks = (ticksPerSecond * timeline.rate.den) / timeline.rate.num
  const firstPts = timestampOffsetSeconds(packaging) * ticksPerSecond + first * frameTicks
  const reorderTicks = 2 * frameTicks
  return sampleVideoSegment(
    samplePictures({ count, firstPts, frameTicks, reorderTicks, bytes: pictureBytes }),
  )
}

function soundSegment(plan: Plan, soundFrames: number, number: number): Buffer | null {
  const frameTicks = soundFrameSeconds(plan.audio!.encoder) * ticksPerSecond
  const { segmentSeconds, firstSegment } = plan.timeline
  const frameAt = (seconds: number) =>
    Math.min(soundFrames, Math.ceil((seconds * ticksPerSecond) / frameTicks))
  const place = number - firstSegment
  const [from, to] = [frameAt(place * segmentSeconds), frameAt((place + 1) * segmentSeconds)]
  if (from >= to) return null
  const start = timestampOffsetSeconds(plan.packaging) * ticksPerSecond
  return sampleSoundSegment(
    Array.from({ length: to - from }, (_, index) => {
      const ticks = start + (from + index) * frameTicks
      const data = Buffer.alloc(60, 0xee)
      data.writeUInt32BE(from + index)
      return { pts: ticks, dts: ticks, data }
    }),
  )
}
