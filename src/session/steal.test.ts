import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { balancedCut, predictSeconds } from './steal.ts'

const twoSeconds = () => 2
const thief = { speed: 1, startSeconds: 0.4 }

describe('what a lease has left', () => {
  test.each([
    { victim: { next: 0, end: 5, speed: 1, inHandSeconds: 2 }, seconds: 10 },
    { victim: { next: 0, end: 5, speed: 2, inHandSeconds: 1 }, seconds: 5 },
    { victim: { next: 3, end: 5, speed: 1, inHandSeconds: 0.5 }, seconds: 2.5 },
    { victim: { next: 3, end: 5, speed: 1, inHandSeconds: 60 }, seconds: 62 },
    { victim: { next: 5, end: 5, speed: 1, inHandSeconds: 2 }, seconds: 0 },
  ])('is the segment in hand as predicted and the rest at its pace', ({ victim, seconds }) => {
    expect(predictSeconds(twoSeconds, victim)).toBe(seconds)
  })
})

describe('a cut', () => {
  test.each([
    { next: 0, end: 10, speed: 1, at: 5 },
    { next: 0, end: 10, speed: 4, at: 8 },
    { next: 0, end: 11, speed: 0.25, at: 2 },
    { next: 4, end: 6, speed: 1, at: 5 },
    { next: 4, end: 6, speed: 0.1, at: 5 },
  ])('of [$next, $end) at speed $speed leaves both to end together: at $at', ({ at, ...victim }) => {
    expect(balancedCut(twoSeconds, { ...victim, inHandSeconds: 2 / victim.speed }, thief)?.at).toBe(at)
  })

  test('takes nothing from a lease that is at its last segment, or done', () => {
    const done = { next: 5, end: 5, speed: 1, inHandSeconds: 0 }
    expect(balancedCut(twoSeconds, done, thief)).toBeNull()
    expect(balancedCut(twoSeconds, { ...done, next: 4 }, thief)).toBeNull()
  })

  test('says how much it gains, less than nothing when the thief is too slow', () => {
    const victim = { next: 0, end: 10, speed: 1, inHandSeconds: 2 }
    expect(balancedCut(twoSeconds, victim, thief)?.gainSeconds).toBeCloseTo(20 - 10.4)
    expect(
      balancedCut(twoSeconds, { ...victim, end: 2 }, { ...thief, speed: 0.1 })?.gainSeconds,
    ).toBeLessThan(0)
  })

  test('is the best of all the places it could be', () => {
    const speeds = fc.double({ min: 0.1, max: 8, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), speeds, speeds, (length, own, other) => {
        const victim = { next: 0, end: length, speed: own, inHandSeconds: 2 / own }
        const best = balancedCut(twoSeconds, victim, { speed: other, startSeconds: 0.4 })!
        const longest = (at: number) => Math.max((at * 2) / own, 0.4 + ((length - at) * 2) / other)
        const all = Array.from({ length: length - 1 }, (_, index) => longest(index + 1))
        expect(longest(best.at)).toBeCloseTo(Math.min(...all), 6)
        expect(best.gainSeconds).toBeCloseTo((length * 2) / own - longest(best.at), 6)
      }),
    )
  })
})
