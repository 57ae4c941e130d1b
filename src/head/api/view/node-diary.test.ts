import { describe, expect, it } from 'vitest'
import { createNodeDiary, mostMoments } from './node-diary.ts'

describe('the diary of a node', () => {
  it('has a line for each state it came to, with why where that is known', () => {
    const diary = createNodeDiary((_node, state) => (state === 'waking' ? 'needed' : null))
    diary.look([{ id: 'a', state: 'off' }], 1)
    diary.look([{ id: 'a', state: 'off' }], 2)
    diary.look([{ id: 'a', state: 'waking' }], 3)
    expect(diary.history('a')).toEqual([
      { atMs: 1, what: 'off', why: null },
      { atMs: 3, what: 'waking', why: 'needed' },
    ])
    expect(diary.sinceMs('a')).toBe(3)
  })

  it('is bounded, and gone with its node', () => {
    const diary = createNodeDiary(() => null)
    for (let n = 0; n < 300; n++) diary.look([{ id: 'a', state: n % 2 === 0 ? 'ready' : 'busy' }], n)
    expect(diary.history('a')).toHaveLength(mostMoments)
    diary.look([], 301)
    expect([diary.history('a'), diary.sinceMs('a')]).toEqual([[], null])
  })
})
