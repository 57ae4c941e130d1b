import { describe, expect, it } from 'vitest'
import type { SegmentView } from '../../../../src/head/api/contract/session-view.ts'
import { segmentRuns } from './segment-runs.ts'

const made = (index: number, attempt: string, flags = 0): SegmentView => [
  index,
  `node-${attempt}`,
  attempt,
  1,
  flags,
]
const run = (attempt: string, from: number, to: number, hedged = 0, leasedAgain = 0) => ({
  ...{ node: `node-${attempt}`, attempt, from, to, hedged, leasedAgain },
})

describe('stretches of one lease', () => {
  it('end where another lease begins, and where segments are missing', () => {
    const segments = [made(3, 'a'), made(4, 'a'), made(5, 'b'), made(8, 'b'), made(9, 'a')]
    expect(segmentRuns(segments)).toEqual([run('a', 3, 4), run('b', 5, 5), run('b', 8, 8), run('a', 9, 9)])
  })

  it('count what was hedged and leased again', () => {
    expect(segmentRuns([made(0, 'a', 1), made(1, 'a', 3), made(2, 'a')])).toEqual([run('a', 0, 2, 2, 1)])
  })

  it('are none of nothing', () => expect(segmentRuns([])).toEqual([]))
})
