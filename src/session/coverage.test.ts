import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Coverage } from './coverage.ts'

describe('coverage', () => {
  test('begins with everything missing from the first segment on', () => {
    const coverage = new Coverage(5)
    expect([coverage.floor, coverage.top, coverage.has(4), coverage.has(5)]).toEqual([5, 5, true, false])
  })

  test('moves its floor over what arrived out of order once the gap closes', () => {
    const coverage = new Coverage(0)
    coverage.add(1)
    coverage.add(2)
    expect([coverage.floor, coverage.top]).toEqual([0, 3])
    coverage.add(0)
    expect([coverage.floor, coverage.top]).toEqual([3, 3])
  })

  test.each([
    { from: 0, to: 8, missing: 0 },
    { from: 2, to: 8, missing: 4 },
    { from: 2, to: 4, missing: null },
    { from: 5, to: 6, missing: null },
    { from: 6, to: 6, missing: null },
    { from: 6, to: 9, missing: 6 },
  ])('finds the first missing segment in [$from, $to)', ({ from, to, missing }) => {
    const coverage = new Coverage(0)
    for (const segment of [2, 3, 5]) coverage.add(segment)
    expect(coverage.firstMissing(from, to)).toBe(missing)
  })

  test('knows exactly what was added, in whatever order and however often', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 30 })), (added) => {
        const coverage = new Coverage(0)
        for (const segment of added) coverage.add(segment)
        for (let segment = 0; segment <= 31; segment += 1) {
          expect(coverage.has(segment)).toBe(added.includes(segment))
        }
        expect(coverage.top).toBe(Math.max(-1, ...added) + 1)
        expect(added).not.toContain(coverage.floor)
      }),
    )
  })
})
