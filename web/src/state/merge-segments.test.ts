import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SegmentView } from '../../../src/head/api/contract/session-view.ts'
import { mergeSegments } from './merge-segments.ts'

const made = (index: number, node = 'oak', publishedAtMs: number | null = null): SegmentView => [
  ...([index, node, `a-${index}`, publishedAtMs, 0] as const),
]
const numbers = (segments: readonly SegmentView[]) => segments.map(([index]) => index)

describe('segments that were made or published', () => {
  it('are added at the end', () => {
    expect(numbers(mergeSegments([made(1), made(2)], [made(3)]))).toEqual([1, 2, 3])
  })

  it('replace the one with their number', () => {
    const merged = mergeSegments([made(1), made(2), made(3)], [made(2, 'elm', 77)])
    expect(merged[1]).toEqual(made(2, 'elm', 77))
    expect(numbers(merged)).toEqual([1, 2, 3])
  })

  it('come between others, as where two nodes make different stretches', () => {
    expect(numbers(mergeSegments([made(1), made(5)], [made(2), made(6)]))).toEqual([1, 2, 5, 6])
  })

  it('push out the oldest where there are more than are shown', () => {
    expect(numbers(mergeSegments([made(1), made(2), made(3)], [made(4), made(5)], 3))).toEqual([3, 4, 5])
  })

  it('leave what is known as it is when there are none, so that nothing is drawn again', () => {
    const known = [made(1)]
    expect(mergeSegments(known, [])).toBe(known)
  })

  it('are the same as a map by number would have, in whatever order they come', () => {
    const some = fc
      .uniqueArray(fc.nat(50), { maxLength: 20 })
      .map((list) => list.sort((one, other) => one - other))
    fc.assert(
      fc.property(some, some, (known, changed) => {
        const byNumber = new Map(known.map((index) => [index, made(index)]))
        for (const index of changed) byNumber.set(index, made(index, 'elm', 5))
        const expected = [...byNumber.values()].sort((one, other) => one[0] - other[0])
        const found = mergeSegments(
          known.map((index) => made(index)),
          changed.map((index) => made(index, 'elm', 5)),
        )
        expect(found).toEqual(expected)
      }),
    )
  })
})
