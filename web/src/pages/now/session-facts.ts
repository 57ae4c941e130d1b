import {
  type SegmentView,
  type SessionView,
  segmentFlags,
} from '../../../../src/head/api/contract/session-view.ts'
import { countText } from '../../words/counts.ts'

/** Who made how many of the segments that are shown, the busiest first. */
export function makersOf(
  segments: readonly SegmentView[],
): { readonly node: string; readonly count: number }[] {
  const counts = new Map<string, number>()
  for (const [, node] of segments) counts.set(node, (counts.get(node) ?? 0) + 1)
  return [...counts]
    .map(([node, count]) => ({ node, count }))
    .sort((one, other) => other.count - one.count || one.node.localeCompare(other.node))
}

/** E.g. `2 cuts, 1 hedge, 3 segments leased again`; empty on most days. */
export function incidentsText({
  cuts,
  hedges,
  segments,
}: Pick<SessionView, 'cuts' | 'hedges' | 'segments'>): string {
  const pictureCuts = cuts.filter(({ part }) => part === 'video').length
  const again = segments.filter(([, , , , flags]) => (flags & segmentFlags.leasedAgain) !== 0).length
  return [
    pictureCuts > 0 ? countText(pictureCuts, 'cut') : '',
    hedges > 0 ? countText(hedges, 'hedge') : '',
    again > 0 ? countText(again, 'segment leased again', 'segments leased again') : '',
  ]
    .filter(Boolean)
    .join(', ')
}
