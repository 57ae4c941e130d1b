import { Coverage } from './coverage.ts'
import { type EndOfInput, isPastEnd, settledEnd } from './end-of-input.ts'
import { isDone, keeps, type Lease } from './lease.ts'
import type { OwnFiles, SessionPart, SessionSpec } from './spec.ts'

/** Everything that is known about one part. */
export interface PartState {
  readonly name: string
  readonly sticky: boolean
  readonly inOnePiece?: () => boolean
  readonly leastEnd?: number
  readonly own?: OwnFiles
  readonly coverage: Coverage
  readonly end: EndOfInput
  /** Whole ones that have too few frames: the input ends there, or sound goes on behind a pause. */
  readonly wholeThoughShort: Set<number>
  /** Granted and not yet over. */
  readonly leases: Map<string, Lease>
  /** Nodes that failed at this part: used only when there is no other. */
  readonly avoided: Set<string>
  /** Distinct leases that failed at a segment. */
  readonly failures: Map<number, number>
  /** Where leases saw the input end well before the expected end and were not believed: on which nodes, and how often. */
  readonly doubts: Map<number, Map<string, number>>
}

/** Whether a part has one lease at a time. */
export function isUndivided(part: PartState): boolean {
  return part.sticky || (part.inOnePiece?.() ?? false)
}

/** A short segment is whole: what there is of it has come. */
export function countShort(part: PartState, segment: number): void {
  part.coverage.add(segment)
  part.wholeThoughShort.add(segment)
}

/** Segments [from, to) that are missing and that no lease keeps. */
export interface Hole {
  readonly from: number
  readonly to: number
}

export function newPart(part: SessionPart, firstSegment: number): PartState {
  return {
    ...part,
    coverage: new Coverage(firstSegment),
    end: { bound: null },
    wholeThoughShort: new Set(),
    leases: new Map(),
    avoided: new Set(),
    failures: new Map(),
    doubts: new Map(),
  }
}

/** One past the last segment that is planned for now: the known bound, else the estimate while it still holds. */
export function plannedEnd(part: PartState, spec: SessionSpec): number {
  return part.end.bound ?? Math.max(expectedEnd(part, spec), part.coverage.floor + 1)
}

/** One past the last segment, or file of its own, that the probed duration lets expect of a part. */
export function expectedEnd(part: PartState, spec: SessionSpec): number {
  return part.own?.expectedEnd ?? spec.expectedEndSegment
}

/** Seconds of source of a part's segments, or of its files where it has its own. */
export function lengthsOf(part: PartState, spec: SessionSpec): (segment: number) => number {
  return part.own?.fileSeconds ?? spec.segmentSeconds
}

/** One past the last segment, or file of its own, of a part that goes into the session's segments up to this one. */
export function neededFor(part: PartState, segment: number): number {
  return part.own?.upTo(segment) ?? segment + 1
}

/** One past the last segment, or null while it is not settled. */
export function partEnd(part: PartState): number | null {
  return settledEnd(part.end, part.coverage)
}

/** Whether the part gives what it has to the session's `segment`: what is needed for it is whole, or it ended before. */
export function hasOrEnded(part: PartState, segment: number): boolean {
  if (!part.own) return part.coverage.has(segment) || isPastEnd(part.end, segment)
  const needed = Math.min(neededFor(part, segment), part.end.bound ?? Number.POSITIVE_INFINITY)
  return part.coverage.floor >= needed
}

/** The first hole that begins before `limit`. */
export function firstHole(part: PartState, spec: SessionSpec, limit: number): Hole | null {
  const { coverage } = part
  const keepers = keepersOf(part)
  const end = Math.min(knownEnd(part, spec), limit)
  let from = coverage.floor
  for (;;) {
    if (from >= end) return null
    const keeper = keepers.find((lease) => keeps(lease, from))
    if (!keeper && !coverage.has(from)) break
    from = keeper ? keeper.to : from + 1
  }
  return holeAt(part, spec, from)
}

/** The hole that begins with a segment which is missing and which no lease keeps. */
export function holeAt(part: PartState, spec: SessionSpec, from: number): Hole {
  const kept = keepersOf(part).flatMap((lease) => (lease.from > from ? [lease.from] : []))
  return { from, to: firstWhole(part.coverage, from + 1, Math.min(knownEnd(part, spec), ...kept)) }
}

function keepersOf(part: PartState): Lease[] {
  return [...part.leases.values()].filter((lease) => !lease.late && lease.from < lease.to)
}

/** One past the last segment that can be leased now. */
function knownEnd(part: PartState, spec: SessionSpec): number {
  const known = part.own ? undefined : spec.knownEndSegment?.()
  return Math.min(plannedEnd(part, spec), known ?? Number.POSITIVE_INFINITY)
}

function firstWhole(coverage: Coverage, from: number, to: number): number {
  let segment = from
  while (segment < to && !coverage.has(segment)) segment += 1
  return segment
}

/** Leases that still have something to make. */
export function busyLeases(part: PartState): Lease[] {
  return [...part.leases.values()].filter((lease) => !isDone(lease, part.coverage))
}
