import { inspectSegment } from '../../container/mpegts/inspect.ts'
import { MalformedTransportStream } from '../../container/mpegts/packet.ts'
import { frameCount } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'

/** What arrived, held against the timeline. */
export type ArrivedSegment =
  | { readonly ok: true; readonly short: boolean }
  | { readonly ok: false; readonly why: string }

/**
 * A picture segment is whole when its container is complete and it has as many frames as the timeline says; one
 * with fewer can only be the last. Sound is not counted: its files are cut near the boundaries, not on them.
 */
export function judgeSegment(plan: Plan, part: string, segment: number, bytes: Buffer): ArrivedSegment {
  try {
    const { units } = inspectSegment(bytes)
    if (part !== 'video') return { ok: true, short: false }
    const wanted = frameCount(plan.timeline, segment)
    if (units > wanted) return { ok: false, why: `${units} frames where the timeline has ${wanted}` }
    return { ok: true, short: units < wanted }
  } catch (error) {
    if (error instanceof MalformedTransportStream) return { ok: false, why: error.message }
    throw error
  }
}
