import type { Rational } from '../../media/rational.ts'
import { boundarySlot, type Timeline } from '../../media/timeline.ts'
import type { VideoPart } from '../../plan/plan.ts'

/** Where pictures are copied their times are the source's own. */
export function copiedPlace(timeline: Timeline, segment: number, last: boolean) {
  const { cuts, firstSegment } = timeline
  if (!cuts) return {}
  const endSlot = boundarySlot(timeline, segment + 1)
  const decoded = cuts.decoded[segment + 1 - firstSegment] ?? endSlot
  return { copied: { nextDecoded: last ? null : decoded, endSlot } }
}

/** What a manifest or a header says of copied pictures is the mean rate of their file. */
export function shownRate({ encoder, rate }: VideoPart): Rational {
  return encoder.codec === 'copy' ? (encoder.averageRate ?? { num: 25, den: 1 }) : rate
}
