import { frameCount, type Timeline } from '../media/timeline.ts'
import type { Plan } from '../plan/plan.ts'
import type { KeyFrames } from './chip.ts'
import type { LeaseRange } from './platform.ts'

/** Pictures between key frames where nothing asks for more of them: as x264 has it. */
const usualGroupFrames = 250

/**
 * The length of groups of pictures that an encoder is told: of a segment, where it counts key frames itself; else what the
 * plan says, for those between the forced ones.
 */
export function groupFrames(plan: Plan, range: LeaseRange, keyFrames: KeyFrames): number {
  if (keyFrames === 'interval') return frameCount(plan.timeline, range.from)
  const { encoder } = plan.video
  const tuning = encoder.codec === 'copy' ? [] : encoder.tuning
  const told = Number(tuning.findLast(([name]) => name === 'keyint')?.[1])
  return Number.isSafeInteger(told) && told > 0 ? told : usualGroupFrames
}

/**
 * One past the last segment that a lease can make whose encoder counts its key frames: all before have as many pictures
 * as the first one, and the last may have fewer or more, but for a key frame within it that does no harm.
 */
export function leaseReach(timeline: Timeline, { from, to }: LeaseRange): number {
  const usual = frameCount(timeline, from)
  for (let segment = from; segment < to - 1; segment += 1) {
    if (frameCount(timeline, segment) !== usual) return segment + 1
  }
  return to
}
