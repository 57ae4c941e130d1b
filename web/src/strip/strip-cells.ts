import type { LeaseView } from '../../../src/head/api/contract/node-view.ts'
import {
  type SegmentView,
  type SessionView,
  segmentFlags,
} from '../../../src/head/api/contract/session-view.ts'

/** `made`: not announced yet; `making`: in hand; `leased`: somebody's, not begun; `open`: nobody's yet. */
export type CellPhase = 'published' | 'made' | 'making' | 'leased' | 'open'

/** One segment of pictures on the strip. */
export interface StripCell {
  readonly segment: number
  /** Who makes or made it; null while it is nobody's. */
  readonly node: string | null
  readonly phase: CellPhase
  /** Another lease than the one before it made this one. */
  readonly isHandOver: boolean
  /** A lease was shortened so that it ends before this one. */
  readonly isCut: boolean
  readonly isHedged: boolean
  readonly isLeasedAgain: boolean
}

/** What the strip is made of. */
export type StripSource = Pick<SessionView, 'timeline' | 'segments' | 'cuts' | 'leases'>

const isPicture = ({ part }: { readonly part: string }) => part === 'video'

/** So much of the strip is kept for what is still to come. */
const aheadShare = 0.25

/**
 * The newest cells of a session, at most `most`, ascending and without a hole: what is made, then what is being made, then
 * what is still to come as far as the film goes.
 */
export function stripCells(source: StripSource, most: number): StripCell[] {
  const { timeline, segments, cuts } = source
  const leases = source.leases.filter(isPicture)
  const bySegment = new Map(segments.map((segment) => [segment[0], segment]))
  const cutAt = new Set(cuts.filter(isPicture).map(({ segment }) => segment))
  const first = Math.min(timeline.firstSegment, segments[0]?.[0] ?? timeline.firstSegment)
  const madeEnd = (segments.at(-1)?.[0] ?? first - 1) + 1
  const inHandEnd = Math.max(madeEnd, ...leases.map(({ next }) => next + 1))
  const filmEnd = timeline.endSegment ?? Number.POSITIVE_INFINITY
  const end = Math.min(inHandEnd + Math.floor(most * aheadShare), Math.max(filmEnd, madeEnd), first + 100_000)
  const from = Math.max(first, end - most)
  const until = Math.max(end, Math.min(from + most, filmEnd === Number.POSITIVE_INFINITY ? end : filmEnd))
  const cells: StripCell[] = []
  for (let segment = from; segment < until; segment += 1) {
    const made = bySegment.get(segment)
    const before = bySegment.get(segment - 1)
    cells.push({
      segment,
      ...(made ? madeCell(made, before) : comingCell(segment, leases)),
      isCut: cutAt.has(segment),
    })
  }
  return cells
}

function madeCell([, node, attempt, publishedAtMs, flags]: SegmentView, before: SegmentView | undefined) {
  return {
    node,
    phase: publishedAtMs === null ? ('made' as const) : ('published' as const),
    isHandOver: before !== undefined && before[2] !== attempt,
    isHedged: (flags & segmentFlags.hedged) !== 0,
    isLeasedAgain: (flags & segmentFlags.leasedAgain) !== 0,
  }
}

function comingCell(segment: number, leases: readonly LeaseView[]) {
  const holding = leases.filter(({ from, to }) => from <= segment && segment < to)
  const [lease] = holding
  const isInHand = holding.some(({ next }) => next === segment)
  return {
    node: (holding.find(({ next }) => next === segment) ?? lease)?.node ?? null,
    phase: isInHand ? ('making' as const) : lease ? ('leased' as const) : ('open' as const),
    isHandOver: false,
    isHedged: holding.length > 1 || holding.some(({ isHedge }) => isHedge),
    isLeasedAgain: false,
  }
}

/** A stretch of cells of one lease in one phase: what a name fits on. */
export interface StripRun {
  readonly node: string | null
  /** Places among the cells, not segments. */
  readonly from: number
  readonly to: number
}

/** The stretches of made segments, ascending. */
export function stripRuns(cells: readonly StripCell[]): StripRun[] {
  const runs: { node: string | null; from: number; to: number }[] = []
  for (const [place, cell] of cells.entries()) {
    if (cell.phase !== 'published' && cell.phase !== 'made') continue
    const last = runs.at(-1)
    if (last && last.to === place && last.node === cell.node && !cell.isHandOver && !cell.isCut) last.to += 1
    else runs.push({ node: cell.node, from: place, to: place + 1 })
  }
  return runs
}
