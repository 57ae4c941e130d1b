import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockEnd, blockSeconds, secondsInTime, shareEnd } from './blocks.ts'
import { specOf } from './testing/script.ts'

describe('a block of a stream', () => {
  test.each([
    { leadSeconds: 0, publishedSeconds: 0, nodes: 2, seconds: 0, why: 'nothing in hand: one segment' },
    { leadSeconds: -9, publishedSeconds: 8, nodes: 2, seconds: 1, why: 'behind the player, but growing' },
    { leadSeconds: 20, publishedSeconds: 40, nodes: 2, seconds: 10, why: 'half the lead' },
    { leadSeconds: 300, publishedSeconds: 400, nodes: 2, seconds: 30, why: 'the longest block' },
    { leadSeconds: 300, publishedSeconds: 400, nodes: 6, seconds: 10, why: 'its share of the look-ahead' },
    { leadSeconds: -500, publishedSeconds: 0, nodes: 2, seconds: 0, why: 'never less than nothing' },
  ])('is $seconds s long with $nodes nodes and a lead of $leadSeconds s: $why', ({ seconds, ...state }) => {
    expect(blockSeconds(specOf(), state)).toBe(seconds)
  })

  test.each([
    { seconds: 0, end: 11, why: 'at least one segment' },
    { seconds: 7, end: 13, why: 'whole segments only' },
    { seconds: 8, end: 14, why: 'all that fit' },
    { seconds: 1000, end: 20, why: 'not past the hole' },
  ])('of $seconds s ends at $end: $why', ({ seconds, end }) => {
    expect(blockEnd(specOf(), { from: 10, to: 20 }, seconds)).toBe(end)
  })

  test('is never longer than a lease may be', () => {
    const spec = specOf({ policy: { maxLeaseSegments: 7 } })
    expect(blockEnd(spec, { from: 10, to: 999 }, Number.POSITIVE_INFINITY)).toBe(17)
  })
})

describe('what a node makes in time', () => {
  test.each([
    { neededIn: 20, speed: 0.5, seconds: 10, why: 'ten seconds are there in twenty, when ten are left' },
    { neededIn: 20, speed: 0.25, seconds: 4, why: 'and no less than may be late' },
    { neededIn: 60, speed: 0.25, seconds: 10, why: 'ten seconds are there in forty, when thirty are left' },
    { neededIn: -5, speed: 0.5, seconds: 4, why: 'what is late anyway' },
    { neededIn: 0, speed: 1, seconds: Number.POSITIVE_INFINITY, why: 'nobody catches up with real time' },
  ])('is $seconds s at speed $speed, needed in $neededIn s: $why', ({ neededIn, speed, seconds }) => {
    expect(secondsInTime(neededIn, speed)).toBeCloseTo(seconds, 9)
  })
})

describe('a share of a whole file', () => {
  function sharesOf(hole: { from: number; to: number }, speeds: number[]): number[] {
    const ends: number[] = []
    let { from } = hole
    for (let index = 0; index < speeds.length && from < hole.to; index += 1) {
      from = shareEnd(specOf({ mode: 'file' }), { from, to: hole.to }, speeds.slice(index))
      ends.push(from)
    }
    return ends
  }

  test.each([
    { speeds: [1], ends: [60] },
    { speeds: [1, 1], ends: [30, 60] },
    { speeds: [1, 1, 1, 1], ends: [15, 30, 45, 60] },
    { speeds: [3, 1], ends: [45, 60] },
    { speeds: [1, 1, 1, 1, 1, 1, 1, 1], ends: [8, 15, 23, 30, 38, 45, 53, 60] },
  ])('is in proportion to speed for $speeds', ({ speeds, ends }) => {
    expect(sharesOf({ from: 0, to: 60 }, speeds)).toEqual(ends)
  })

  test('is worth the start of a process: four nodes of ten times real time do not split 8 s in four', () => {
    expect(sharesOf({ from: 0, to: 4 }, [10, 10, 10, 10])).toEqual([4])
  })

  test('together they cover the hole, and equal nodes differ by a segment at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 200 }), fc.integer({ min: 1, max: 12 }), (length, nodes) => {
        const ends = sharesOf(
          { from: 0, to: length },
          Array.from({ length: nodes }, () => 1),
        )
        const sizes = ends.map((end, index) => end - (ends[index - 1] ?? 0))
        expect(ends.at(-1)).toBe(length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })
})
