import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compare,
  fromDouble,
  invert,
  multiply,
  parseFrameRate,
  parseRational,
  rational,
  rescale,
  toNumber,
} from './rational.ts'

const text = (value: ReturnType<typeof parseFrameRate>) =>
  value === null ? null : `${value.num}/${value.den}`
const term = fc.integer({ min: 1, max: 1_000_000 })

describe('rational', () => {
  it('reduces and keeps the denominator above zero', () => {
    expect(rational(60000, 2002)).toEqual({ num: 30000, den: 1001 })
    expect(rational(3, -6)).toEqual({ num: -1, den: 2 })
    expect(rational(0, 5)).toEqual({ num: 0, den: 1 })
  })

  it('refuses a zero denominator and what doubles cannot hold', () => {
    expect(() => rational(1, 0)).toThrow(RangeError)
    expect(() => rational(2 ** 53, 1)).toThrow(RangeError)
    expect(() => rational(0.5, 1)).toThrow(RangeError)
    expect(() => multiply({ num: 2 ** 52, den: 1 }, { num: 3, den: 1 })).toThrow(RangeError)
  })
})

describe('parseRational', () => {
  it('takes both of the separators that ffprobe prints, exactly', () => {
    expect(parseRational('24000/1001')).toEqual({ num: 24000, den: 1001 })
    expect(parseRational('16:9')).toEqual({ num: 16, den: 9 })
    expect(parseRational('-3')).toEqual({ num: -3, den: 1 })
    expect(parseRational('1/19001000')).toEqual({ num: 1, den: 19001000 })
  })

  it('has no value for x/0, fractions of fractions and words', () => {
    for (const value of ['0/0', '1/0', '', 'N/A', '1.5', '1/2/3', '99999999999999999999']) {
      expect(parseRational(value), value).toBeNull()
    }
  })
})

/** What ffmpeg 5.1 said: the time base of `-r VALUE -c:v rawvideo -f framecrc`, inverted. */
const readByFfmpeg: readonly (readonly [string, string])[] = [
  ['30000/1001', '30000/1001'],
  ['30', '30/1'],
  ['23.975999999999999', '2997/125'],
  ['23.976', '2997/125'],
  ['23.976024', '991001/41333'],
  ['23.98', '1199/50'],
  ['23.9760239760', '24000/1001'],
  ['29.97', '2997/100'],
  ['29.97002997', '30000/1001'],
  ['59.94', '2997/50'],
  ['47.952047952', '48000/1001'],
  ['14.985', '2997/200'],
  ['0.333333', '333333/1000000'],
  ['0.3333333333333', '1/3'],
  ['3.14159265358979', '833719/265381'],
  ['25.000001', '25/1'],
  ['1e2', '100/1'],
  ['.5', '1/2'],
  ['5.', '5/1'],
  ['24000:1001', '24000/1001'],
  ['48000:2002', '24000/1001'],
  ['3000001/1001', '749251/250'],
  ['9999999:1001', '999001/100'],
  ['1234567.891', '1001000/1'],
  ['1/1001000', '1/1001000'],
  ['1/9999999', '1/9999999'],
  ['1e-9', '1/1000000000'],
  ['ntsc', '30000/1001'],
  ['ntsc-film', '24000/1001'],
  ['pal', '25/1'],
  ['film', '24/1'],
]

describe('parseFrameRate', () => {
  it.each(readByFfmpeg)('reads %s as FFmpeg does: %s', (value, rate) => {
    expect(text(parseFrameRate(value))).toBe(rate)
  })

  it('refuses what FFmpeg refuses', () => {
    for (const value of ['0', '-25', '0/1', '1/0', '25:0', '0:1', 'nan', '', '25fps', '25/1/1'])
      expect(parseFrameRate(value), value).toBeNull()
  })

  it('reads every printed fraction of small terms back exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 240_000 }), fc.integer({ min: 1, max: 2_000 }), (num, den) => {
        const exact = rational(num, den)
        expect(parseFrameRate(`${num}/${den}`)).toEqual(exact)
        expect(parseFrameRate(`${num}:${den}`)).toEqual(exact)
        expect(parseFrameRate(String(num / den))).toEqual(exact)
      }),
    )
  })
})

describe('fromDouble', () => {
  it('never exceeds its limit and is never further off than the nearest fraction over that limit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1_000, noNaN: true }),
        fc.integer({ min: 1_000, max: 1_001_000 }),
        (value, limit) => {
          const result = fromDouble(value, limit)!
          expect(Math.max(result.num, result.den)).toBeLessThanOrEqual(limit)
          // With the numerator bounded as well, fractions over floor(limit / value) are always to be had.
          const den = Math.max(1, Math.min(limit, Math.floor(limit / value) - 1))
          const rough = Math.abs(Math.round(value * den) / den - value)
          expect(Math.abs(toNumber(result) - value)).toBeLessThanOrEqual(rough + 1e-12)
        },
      ),
    )
  })

  it('gives the sign to the numerator and nothing for infinity and not-a-number', () => {
    expect(fromDouble(-0.5, 100)).toEqual({ num: -1, den: 2 })
    expect(fromDouble(0, 100)).toEqual({ num: 0, den: 1 })
    expect(fromDouble(Number.POSITIVE_INFINITY, 100)).toBeNull()
    expect(fromDouble(Number.NaN, 100)).toBeNull()
  })

  it('widens its limit rather than turn a small value into zero', () => {
    expect(fromDouble(1e-5, 1_000)).toEqual({ num: 1, den: 100_000 })
  })
})

describe('arithmetic', () => {
  it('compares exactly where doubles cannot', () => {
    const third = rational(1, 3)
    expect(compare(third, rational(333_333_333_333_333, 1_000_000_000_000_000))).toBe(1)
    expect(compare(rational(-1, 2), third)).toBe(-1)
    expect(compare(rational(2, 6), third)).toBe(0)
  })

  it('multiplies and inverts to one', () => {
    fc.assert(
      fc.property(term, term, (num, den) => {
        const value = rational(num, den)
        expect(multiply(value, invert(value))).toEqual({ num: 1, den: 1 })
      }),
    )
    expect(() => invert({ num: 0, den: 1 })).toThrow(RangeError)
  })
})

describe('rescale', () => {
  const ms = { num: 1, den: 1_000 }
  const seconds = { num: 1, den: 1 }

  it('rounds halves away from zero', () => {
    expect(rescale(1_500, ms, seconds)).toBe(2)
    expect(rescale(2_500, ms, seconds)).toBe(3)
    expect(rescale(-1_500, ms, seconds)).toBe(-2)
    expect(rescale(1_499, ms, seconds)).toBe(1)
    expect(rescale(-1_499, ms, seconds)).toBe(-1)
  })

  it('stays exact where the product in between is far beyond doubles', () => {
    const nanoseconds = { num: 1, den: 1_000_000_000 }
    const ticks = { num: 1, den: 90_000 }
    expect(rescale(9_007_199_254_740_991, nanoseconds, ticks)).toBe(810_647_932_927)
    expect(() => rescale(9_007_199_254_740_991, seconds, ms)).toThrow(RangeError)
    expect(() => rescale(1, seconds, { num: 0, den: 1 })).toThrow(RangeError)
  })

  it('comes back to the same tick through any finer time base', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        term,
        fc.integer({ min: 1, max: 1_000 }),
        (ticks, den, finer) => {
          const from = rational(1, den)
          const to = rational(1, den * finer)
          expect(rescale(rescale(ticks, from, to), to, from)).toBe(ticks)
        },
      ),
    )
  })
})
