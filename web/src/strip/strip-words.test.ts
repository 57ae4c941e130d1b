import { describe, expect, it } from 'vitest'
import { sampleSession } from '../testing/samples.ts'
import { stripCells } from './strip-cells.ts'
import { stripWords } from './strip-words.ts'

describe('a strip in words', () => {
  it('says who made how much of what is shown, and what happened', () => {
    const session = sampleSession({
      segments: [
        [4, 'oak', 'a', 1, 0],
        [5, 'oak', 'a', 1, 1],
        [6, 'elm', 'b', null, 2],
        [7, 'elm', 'b', null, 2],
      ],
      timeline: { firstSegment: 4, endSegment: 20, startSeconds: 8, segmentSeconds: 2 },
      cuts: [{ atMs: 0, part: 'video', segment: 6, node: 'oak' }],
    })
    expect(stripWords(stripCells(session, 50))).toBe(
      'Segments 4 to 7: oak 2, elm 2. 1 cut. 1 hedge. 2 segments leased again.',
    )
  })

  it('says that there is nothing yet', () => {
    expect(stripWords(stripCells(sampleSession({}), 50))).toBe('Nothing is made yet.')
  })
})
