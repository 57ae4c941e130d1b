import { type SegmentView, shownSegments } from '../../../src/head/api/contract/session-view.ts'

/**
 * Segments by number with those that changed put in their place, the last `most` of them. Both ascend; what is new nearly
 * always belongs at the end.
 */
export function mergeSegments(
  known: readonly SegmentView[],
  changed: readonly SegmentView[],
  most: number = shownSegments,
): readonly SegmentView[] {
  if (changed.length === 0) return known
  const merged: SegmentView[] = []
  let at = 0
  for (const segment of changed) {
    for (; at < known.length && known[at]![0] < segment[0]; at += 1) merged.push(known[at]!)
    if (known[at]?.[0] === segment[0]) at += 1
    merged.push(segment)
  }
  for (; at < known.length; at += 1) merged.push(known[at]!)
  return merged.length > most ? merged.slice(-most) : merged
}
