import { Coverage } from './coverage.ts'
import type { Lease } from './lease.ts'
import type { PartState } from './part.ts'
import { newPart } from './part.ts'
import { newProgress, takeArrival } from './progress.ts'
import type { Publication } from './publication.ts'
import { spanSeconds } from './span.ts'
import type { SessionPart, SessionSpec } from './spec.ts'

/** Where a session goes on that an earlier head began. */
export interface GoingOn {
  /** First segment that is not published. */
  readonly next: number
  /** Seconds of source published so far, and by how much that leads the player now. */
  readonly publishedSeconds: number
  readonly leadSeconds: number
  readonly parts: readonly GoingOnPart[]
}

export interface GoingOnPart extends PartMemory {
  /** First segment, or file of its own, that has not gone into a published one. */
  readonly floor: number
  /** Those from there on that are stored. */
  readonly whole: readonly number[]
  /** Stored ones with too few frames; see Lease.short. */
  readonly short: readonly number[]
}

/** What has to be remembered of a part, since nothing else tells: who works on it, and where it ends. */
export interface PartMemory {
  readonly name: string
  /** See EndOfInput. */
  readonly bound: number | null
  /** See PartState. */
  readonly wholeThoughShort: readonly number[]
  readonly leases: readonly LeaseMemory[]
}

export type LeaseMemory = Pick<Lease, 'attempt' | 'node' | 'from' | 'to' | 'until' | 'cut'>

/** What is to be remembered of a part as it is now. */
export function memoryOf(part: PartState): PartMemory {
  const leases = [...part.leases.values()].map(({ attempt, node, from, to, until, cut }) => ({
    ...{ attempt, node, from, to, until, cut },
  }))
  return { name: part.name, bound: part.end.bound, wholeThoughShort: [...part.wholeThoughShort], leases }
}

/** The part as it was: its leases run on, and what is missing before where one of them has come to is a hole again. */
export function partGoingOn(
  part: SessionPart,
  past: GoingOnPart,
  spec: Pick<SessionSpec, 'segmentSeconds'>,
  nowMs: number,
): PartState {
  const coverage = new Coverage(past.floor)
  const wholeThoughShort = new Set(past.wholeThoughShort)
  const short = past.short.filter((segment) => !wholeThoughShort.has(segment))
  for (const segment of past.whole) coverage.add(segment)
  for (const segment of past.short) if (wholeThoughShort.has(segment)) coverage.add(segment)
  const leases = past.leases.flatMap((lease): [string, Lease][] => {
    const missing = coverage.firstMissing(lease.from, lease.to)
    if (missing === null) return []
    const inHand = short.find((segment) => segment >= missing && segment < lease.to) ?? null
    const next = inHand === null ? missing : inHand + 1
    const progress = newProgress(nowMs)
    const lengths = part.own?.fileSeconds ?? spec.segmentSeconds
    takeArrival(progress, spanSeconds(lengths, lease.from, next), nowMs)
    // Credit may have been lowered since, or have been lost on its way: it counts for nothing until it is told again.
    const until = Math.min(lease.until, next)
    return [[lease.attempt, { ...lease, until, next, movedMs: nowMs, late: false, short: inHand, progress }]]
  })
  return {
    ...newPart(part, past.floor),
    ...{ coverage, wholeThoughShort, end: { bound: past.bound }, leases: new Map(leases) },
  }
}

export function publicationGoingOn(past: GoingOn, nowMs: number): Publication {
  const { next, publishedSeconds: seconds, leadSeconds } = past
  return { next, seconds, inFlight: false, playerMs: nowMs - (seconds - leadSeconds) * 1000, movedMs: nowMs }
}
