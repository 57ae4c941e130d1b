import type { CarriedLease } from './lease-carrier.ts'
import type { FinishedSegment } from './output.ts'

/** What a session has done so far, for people and scripts. */
export interface SessionTally {
  /** Picture segments by the node that made them. */
  readonly segmentsByNode: ReadonlyMap<string, number>
  /** Which node made which segment, in order of arrival. */
  readonly arrivals: readonly { readonly segment: number; readonly node: string }[]
  readonly frames: number
  readonly publishedSegments: number
  /** End of the last published segment on the job's timeline, seconds; null before the first. */
  readonly publishedUntilSeconds: number | null
  arrived(lease: CarriedLease, segment: number): void
  published(segment: FinishedSegment): void
}

/** A tally at zero; the fields of what it returns are live, so keep it and read it again. */
export function createTally(): SessionTally {
  const segmentsByNode = new Map<string, number>()
  const arrivals: { segment: number; node: string }[] = []
  let frames = 0
  let publishedSegments = 0
  let publishedUntilSeconds: number | null = null
  return {
    segmentsByNode,
    arrivals,
    get frames() {
      return frames
    },
    get publishedSegments() {
      return publishedSegments
    },
    get publishedUntilSeconds() {
      return publishedUntilSeconds
    },
    arrived(lease, segment) {
      if (lease.part !== 'video') return
      segmentsByNode.set(lease.nodeName, (segmentsByNode.get(lease.nodeName) ?? 0) + 1)
      arrivals.push({ segment, node: lease.nodeName })
    },
    published(segment) {
      frames += segment.frames
      publishedSegments += 1
      publishedUntilSeconds = segment.endSeconds
    },
  }
}
