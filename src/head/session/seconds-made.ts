import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'
import type { CarriedLease } from './lease-carrier.ts'

/**
 * Seconds of source that a lease has made since its first segment, when its ffmpeg has written so many pictures; nothing
 * where pictures do not tell: of sound, and of a source whose pictures are copied and have no grid.
 */
export function secondsMade(
  { timeline }: Plan,
  { part, from }: Pick<CarriedLease, 'part' | 'from'>,
  frames: number,
): number | undefined {
  if (part !== 'video' || timeline.cuts) return undefined
  const first = boundarySlot(timeline, from)
  return slotSeconds(timeline, first + frames) - slotSeconds(timeline, first)
}
