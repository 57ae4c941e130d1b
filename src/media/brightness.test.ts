import { describe, expect, it } from 'vitest'
import { brightestNits, measuredPeak, pqNits } from './brightness.ts'

/** Planes of so many pixels, all of one code but for those given as [plane, pixel, code]. */
function planes(pixels: number, code: number, ...others: [number, number, number][]): Uint16Array {
  const samples = new Uint16Array(3 * pixels).fill(code)
  for (const [plane, pixel, own] of others) samples[plane * pixels + pixel] = own
  return samples
}

describe('light of a PQ signal', () => {
  // Of the inverse that ST 2084 prints, in double precision.
  it.each([
    [0.5080784215, 100],
    [0.580688881, 203],
    [0.7518270962, 1000],
    [0.9025723933, 4000],
    [1, 10_000],
    [0, 0],
  ])('%s is %s nits', (signal, nits) => {
    expect(pqNits(signal)).toBeCloseTo(nits, 3)
  })
})

describe('the brightest that a picture gets', () => {
  it('is the largest of the three colours', () => {
    for (const plane of [0, 1, 2]) {
      const brighter = planes(100, 500, [plane, 7, 769])
      expect(brightestNits(brighter)).toBeCloseTo(pqNits(769 / 1023), 6)
    }
  })

  it('leaves out one pixel of ten thousand, and not two', () => {
    expect(brightestNits(planes(10_000, 500, [0, 3, 1000]))).toBeCloseTo(pqNits(500 / 1023), 6)
    expect(brightestNits(planes(10_000, 500, [0, 3, 1000], [1, 4, 900]))).toBeCloseTo(pqNits(900 / 1023), 6)
  })

  it('counts a pixel once, however many of its colours are bright', () => {
    const one = planes(10_000, 500, [0, 3, 1000], [1, 3, 1000], [2, 3, 1000])
    expect(brightestNits(one)).toBeCloseTo(pqNits(500 / 1023), 6)
  })

  it('takes codes beyond 10 bits for white', () => {
    expect(brightestNits(planes(10, 4000))).toBeCloseTo(10_000, 3)
  })

  it('is no light for a black picture, or for none', () => {
    expect(brightestNits(planes(10, 0))).toBe(0)
    expect(brightestNits(new Uint16Array())).toBe(0)
  })
})

describe('the peak of a film', () => {
  it('is that of its brightest place, in steps of 50 nits', () => {
    expect(measuredPeak([100, 611, 300])).toBe(650)
    expect(measuredPeak([650])).toBe(650)
    expect(measuredPeak([650.1])).toBe(700)
  })

  it('is not below the white that a tone map aims at, nor beyond PQ', () => {
    expect(measuredPeak([0.2, 90])).toBe(203)
    expect(measuredPeak([9_999])).toBe(10_000)
  })

  it('is not known where nothing was seen', () => {
    expect(measuredPeak([])).toBeNull()
  })
})
