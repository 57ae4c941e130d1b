import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlexPublisher } from '../../dialects/plex/publisher.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'
import type { SessionOutput } from './output.ts'

export interface PlexOutputOptions {
  readonly publisher: PlexPublisher
  readonly plan: Plan
  /** Where segments lie while they are put in place. */
  readonly folder: string
  /** Called before the first finished segment is announced. */
  readonly onAnnounce: () => void
}

let serial = 0

/** Hands finished segments to the publisher, which puts them where Plex looks for them. */
export function openPlexOutput(options: PlexOutputOptions): SessionOutput {
  const { publisher, plan, folder } = options
  const startOf = (segment: number): number =>
    slotSeconds(plan.timeline, boundarySlot(plan.timeline, segment))
  return {
    opened: () => {
      const segment = plan.timeline.firstSegment
      return publisher.opened({ segment, startSeconds: startOf(segment) })
    },
    async publish({ bytes, ...segment }) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const stagedPath = join(folder, `outgoing-${serial++}`)
      try {
        await writeFile(stagedPath, bytes)
        options.onAnnounce()
        await publisher.publish({ ...segment, stagedPath })
      } finally {
        // Gone already where it was put in place; not so when the disk was full or the job was abandoned.
        await rm(stagedPath, { force: true })
      }
      if (!segment.last) {
        await publisher.opened({ segment: segment.segment + 1, startSeconds: segment.endSeconds })
      }
    },
    finish: async () => {},
    fail: async () => {},
  }
}
