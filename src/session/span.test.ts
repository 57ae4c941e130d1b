import { describe, expect, test } from 'vitest'
import { segmentAfter, spanSeconds } from './span.ts'

/** Segments of 1, 2, 3... seconds. */
const growing = (segment: number) => segment + 1

describe('spans of source time', () => {
  test('add up the segments from one to another', () => {
    expect([spanSeconds(growing, 0, 3), spanSeconds(growing, 2, 4), spanSeconds(growing, 5, 5)]).toEqual([
      6, 7, 0,
    ])
  })

  test.each([
    { seconds: 6, atLeast: 0, stop: 99, to: 3 },
    { seconds: 5.9, atLeast: 0, stop: 99, to: 2 },
    { seconds: 0, atLeast: 0, stop: 99, to: 0 },
    { seconds: -5, atLeast: 2, stop: 99, to: 2 },
    { seconds: 100, atLeast: 0, stop: 4, to: 4 },
    { seconds: Number.POSITIVE_INFINITY, atLeast: 0, stop: 7, to: 7 },
    { seconds: 0, atLeast: 5, stop: 3, to: 3 },
  ])(
    '$seconds s hold the segments before $to, at least $atLeast and none from $stop on',
    ({ to, ...given }) => {
      expect(segmentAfter(growing, 0, given.seconds, given)).toBe(to)
    },
  )
})
