import { describe, expect, it } from 'vitest'
import { type Chronicle, createChronicle } from '../../session/chronicle/chronicle.ts'
import type { CarriedLease } from '../../session/lease-carrier.ts'
import { mostMoments } from './node-diary.ts'
import { nodeHistory } from './node-history.ts'

let nowMs = 0

function lease(node: string, attempt: string, from: number): CarriedLease {
  return {
    attempt,
    node,
    nodeName: node,
    part: 'video',
    from,
    platform: 'software',
  } as unknown as CarriedLease
}

function worked(): Chronicle {
  const chronicle = createChronicle({ firstSegment: 0, wallNow: () => nowMs })
  const granted = { to: 90, args: [], why: 'the only one' }
  nowMs = 20
  chronicle.granted(lease('oak', 'a', 0), granted)
  nowMs = 30
  chronicle.cut('a', 12)
  chronicle.granted(lease('elm', 'b', 12), granted)
  nowMs = 40
  chronicle.nodeLost('elm')
  return chronicle
}

const states = [
  { atMs: 10, what: 'ready', why: null },
  { atMs: 25, what: 'busy', why: null },
]

describe('what became of a node', () => {
  it('is what it was given, what was taken from it again and what it lost, between its states', () => {
    const sessions = [{ title: 'film.mkv', chronicle: worked() }]
    expect(nodeHistory('oak', states, sessions)).toEqual([
      { atMs: 10, what: 'ready', why: null },
      { atMs: 20, what: 'video from segment 0 to oak: the only one', why: 'film.mkv' },
      { atMs: 25, what: 'busy', why: null },
      { atMs: 30, what: 'video of oak ends before segment 12', why: 'film.mkv' },
    ])
    expect(nodeHistory('elm', [], sessions).map(({ atMs, what }) => [atMs, what])).toEqual([
      [30, 'video from segment 12 to elm: the only one'],
      [40, 'video of elm is lost'],
    ])
  })

  it('has nothing of sessions for which it did not work', () => {
    expect(nodeHistory('ash', states, [{ title: 'film.mkv', chronicle: worked() }])).toEqual(states)
  })

  it('is bounded: the newest are kept', () => {
    const many = Array.from({ length: 300 }, (_, atMs) => ({ atMs, what: 'ready', why: null }))
    const history = nodeHistory('oak', many, [{ title: 'film.mkv', chronicle: worked() }])
    expect(history).toHaveLength(mostMoments)
    expect(history.at(-1)?.atMs).toBe(299)
  })
})
