import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readByteRange } from './byte-range.ts'

describe('a Range header', () => {
  it.each([
    // RFC 9110, 14.1.2, for a representation of 10,000 bytes.
    ['bytes=0-499', { first: 0, last: 499 }],
    ['bytes=500-999', { first: 500, last: 999 }],
    ['bytes=-500', { first: 9_500, last: 9_999 }],
    ['bytes=9500-', { first: 9_500, last: 9_999 }],
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=9999-9999', { first: 9_999, last: 9_999 }],
    ['bytes=0-', { first: 0, last: 9_999 }],
    [' bytes=1-2 ', { first: 1, last: 2 }],
    // "If the last-pos is greater than or equal to the length, it is taken to be the last byte".
    ['bytes=9000-20000', { first: 9_000, last: 9_999 }],
    // "If the selected representation is shorter than the suffix-length, the entire representation is used".
    ['bytes=-20000', { first: 0, last: 9_999 }],
  ])('%j names bytes', (header, range) => {
    expect(readByteRange(header, 10_000)).toEqual(range)
  })

  it.each([['bytes=10000-'], ['bytes=10000-10001'], ['bytes=99999-'], ['bytes=-0']])(
    '%j cannot be satisfied',
    (header) => {
      expect(readByteRange(header, 10_000)).toBe('unsatisfiable')
    },
  )

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['no bytes at all', 'bytes=-'],
    ['an end before the beginning', 'bytes=500-400'],
    ['several ranges', 'bytes=0-1,5-6'],
    ['another unit', 'pages=1-2'],
    ['a sign', 'bytes=+1-2'],
    ['hexadecimal digits', 'bytes=0x1-2'],
    ['a unit alone', 'bytes'],
  ])('may be ignored: %s', (_name, header) => {
    expect(readByteRange(header, 10_000)).toBeNull()
  })

  it.each(['bytes=0-', 'bytes=0-0', 'bytes=-1'])(
    '%j asks an empty file for something that is not there',
    (header) => {
      expect(readByteRange(header, 0)).toBe('unsatisfiable')
    },
  )

  it('never names bytes that are not there, whatever it says', () => {
    const number = fc.oneof(fc.constant(''), fc.nat(3_000).map(String), fc.constant('99999999999999999999'))
    fc.assert(
      fc.property(number, number, fc.nat(2_000), (from, to, size) => {
        const range = readByteRange(`bytes=${from}-${to}`, size)
        if (range === null || range === 'unsatisfiable') return
        expect(range.first).toBeGreaterThanOrEqual(0)
        expect(range.last).toBeLessThan(size)
        expect(range.first).toBeLessThanOrEqual(range.last)
      }),
    )
  })
})
