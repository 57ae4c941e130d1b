import type { PlexPublisher } from '../../dialects/plex/publisher.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'
import type { SessionOutput } from './output.ts'

/** Hands finished segments to the publisher, which puts them where Plex looks for them. */
export function openPlexOutput(publisher: PlexPublisher, plan: Plan): SessionOutput {
  const startOf = (segment: number): number =>
    slotSeconds(plan.timeline, boundarySlot(plan.timeline, segment))
  return {
    opened: () => {
      const segment = plan.timeline.firstSegment
      return publisher.opened({ segment, startSeconds: startOf(segment) })
    },
    async publish(segment) {
      await publisher.publish(segment)
      if (!segment.last) {
        await publisher.opened({ segment: segment.segment + 1, startSeconds: segment.endSeconds })
      }
    },
    finish: async () => {},
    fail: async () => {},
  }
}
