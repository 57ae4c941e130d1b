import type { CarriedLease } from './lease-carrier.ts'
import type { FinishedSegment } from './output.ts'

/** What a session has done so far, for people and scripts. */
export interface SessionTally {
  /** Picture segments by the node that made them. */
  readonly segmentsByNode: ReadonlyMap<string, number>
  /** Which node made which segment, in order of arrival. */
  readonly arrivals: readonly { readonly segment: number; readonly node: string }[]
  /** By the node that made them: in which ways, the first that delivered first, e.g. `nvidia:full`, `software`. */
  readonly waysByNode: ReadonlyMap<string, readonly string[]>
  /** Leases that were started beside another that would have come too late with the same segment. */
  readonly hedges: number
  readonly frames: number
  readonly publishedSegments: number
  /** End of the last published segment on the job's timeline, seconds; null before the first. */
  readonly publishedUntilSeconds: number | null
  /** What it waits for and cannot do itself, each with its code from the table of errors; empty when all is well. */
  readonly waitsFor: ReadonlySet<string>
  /** It waits for this from now on. Answers whether that is news. */
  waits(reason: string): boolean
  /** It waits for this no longer. Answers whether that is news. */
  goesOn(reason: string): boolean
  hedged(): void
  arrived(lease: CarriedLease, segment: number): void
  published(segment: FinishedSegment): void
}

/** What another head needs to go on counting. */
export type TallyMemory = Pick<SessionTally, 'frames' | 'publishedSegments' | 'publishedUntilSeconds'>

const atZero: TallyMemory = { frames: 0, publishedSegments: 0, publishedUntilSeconds: null }

/** A tally at zero, or where another stood; the fields of what it returns are live, so keep it and read it again. */
export function createTally(before?: TallyMemory): SessionTally {
  const segmentsByNode = new Map<string, number>()
  const waysByNode = new Map<string, string[]>()
  const arrivals: { segment: number; node: string }[] = []
  const waitsFor = new Set<string>()
  let { frames, publishedSegments, publishedUntilSeconds } = before ?? atZero
  let hedges = 0
  return {
    segmentsByNode,
    waysByNode,
    arrivals,
    waitsFor,
    waits(reason) {
      const isNews = !waitsFor.has(reason)
      waitsFor.add(reason)
      return isNews
    },
    goesOn: (reason) => waitsFor.delete(reason),
    get hedges() {
      return hedges
    },
    get frames() {
      return frames
    },
    get publishedSegments() {
      return publishedSegments
    },
    get publishedUntilSeconds() {
      return publishedUntilSeconds
    },
    hedged() {
      hedges += 1
    },
    arrived(lease, segment) {
      if (lease.part !== 'video') return
      segmentsByNode.set(lease.nodeName, (segmentsByNode.get(lease.nodeName) ?? 0) + 1)
      arrivals.push({ segment, node: lease.nodeName })
      const way = wayName(lease)
      const ways = waysByNode.get(lease.nodeName) ?? []
      if (way !== null && !ways.includes(way)) waysByNode.set(lease.nodeName, [...ways, way])
    },
    published(segment) {
      frames += segment.frames
      publishedSegments += 1
      publishedUntilSeconds = segment.endSeconds
    },
  }
}

/** Whether a node makes pictures in a way that it has not been seen to before. */
export function newWays(): (node: string, way: string | null) => boolean {
  const seen = new Set<string>()
  return (node, way) => {
    const isNew = !seen.has(`${node} ${way}`)
    seen.add(`${node} ${way}`)
    return isNew
  }
}

/** `nvidia:full`, or a platform alone where it has one way only; null where that is not known. */
export function wayName({ platform, rung }: Pick<CarriedLease, 'platform' | 'rung'>): string | null {
  if (platform === undefined) return null
  return rung === undefined ? platform : `${platform}:${rung}`
}
