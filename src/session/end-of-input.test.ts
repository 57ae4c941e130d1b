import { describe, expect, test } from 'vitest'
import { Coverage } from './coverage.ts'
import { type EndOfInput, isPastEnd, observeEnd, settledEnd } from './end-of-input.ts'

function coverageOf(...segments: number[]): Coverage {
  const coverage = new Coverage(0)
  for (const segment of segments) coverage.add(segment)
  return coverage
}

describe('the end of a part', () => {
  test('is the least of what was observed', () => {
    const end: EndOfInput = { bound: null }
    for (const segment of [9, 4, 7]) expect(observeEnd(end, coverageOf(0), segment)).toBe(true)
    expect(end.bound).toBe(4)
  })

  test('is settled only when everything before it is whole', () => {
    const end = { bound: 3 }
    expect(settledEnd(end, coverageOf(0, 2))).toBeNull()
    expect(settledEnd(end, coverageOf(0, 1, 2))).toBe(3)
  })

  test('may be before the first segment', () => {
    expect(settledEnd({ bound: 0 }, coverageOf())).toBe(0)
  })

  test('is not believed when there are whole segments behind it', () => {
    const end: EndOfInput = { bound: 9 }
    expect(observeEnd(end, coverageOf(0, 6), 6)).toBe(false)
    expect(end.bound).toBe(9)
    expect(observeEnd(end, coverageOf(0, 6), 7)).toBe(true)
  })

  test('leaves nothing to be made from the bound on', () => {
    expect([isPastEnd({ bound: 3 }, 2), isPastEnd({ bound: 3 }, 3)]).toEqual([false, true])
    expect(isPastEnd({ bound: null }, 1_000_000)).toBe(false)
  })
})
