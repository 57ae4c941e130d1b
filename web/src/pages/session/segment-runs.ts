import { type SegmentView, segmentFlags } from '../../../../src/head/api/contract/session-view.ts'

/** Segments one after another that one lease made. */
export interface SegmentRun {
  readonly node: string
  readonly attempt: string
  readonly from: number
  /** The last, itself. */
  readonly to: number
  readonly hedged: number
  readonly leasedAgain: number
}

/** All segments as stretches of one lease each, ascending; a hole begins another. */
export function segmentRuns(segments: readonly SegmentView[]): SegmentRun[] {
  const runs: { -readonly [Field in keyof SegmentRun]: SegmentRun[Field] }[] = []
  for (const [index, node, attempt, , flags] of segments) {
    let run = runs.at(-1)
    if (run?.attempt !== attempt || run.to !== index - 1) {
      run = { node, attempt, from: index, to: index, hedged: 0, leasedAgain: 0 }
      runs.push(run)
    }
    run.to = index
    if ((flags & segmentFlags.hedged) !== 0) run.hedged += 1
    if ((flags & segmentFlags.leasedAgain) !== 0) run.leasedAgain += 1
  }
  return runs
}
