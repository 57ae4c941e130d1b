import { describe, expect, it } from 'vitest'
import type { SegmentView } from '../../../../src/head/api/contract/session-view.ts'
import { incidentsText, makersOf } from './session-facts.ts'

const made = (index: number, node: string, flags = 0): SegmentView => [index, node, 'a', 1, flags]

describe('the facts of a session', () => {
  it('name who made most first, and then by name, so that names do not jump', () => {
    const segments = [made(0, 'oak'), made(1, 'elm'), made(2, 'oak'), made(3, 'ash')]
    expect(makersOf(segments)).toEqual([
      { node: 'oak', count: 2 },
      { node: 'ash', count: 1 },
      { node: 'elm', count: 1 },
    ])
  })

  it('say what happened, and nothing when nothing did', () => {
    const cut = { atMs: 0, segment: 2, node: 'oak' }
    const cuts = [
      { ...cut, part: 'video' },
      { ...cut, part: 'audio' },
    ]
    expect(incidentsText({ cuts, hedges: 2, segments: [made(0, 'oak', 2), made(1, 'oak', 1)] })).toBe(
      '1 cut, 2 hedges, 1 segment leased again',
    )
    expect(incidentsText({ cuts: [], hedges: 0, segments: [made(0, 'oak')] })).toBe('')
  })
})
