import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTimestamp, ticksBetween, writeTimestamp } from './timestamp.ts'

const wrap = 2 ** 33
const ticks = fc.integer({ min: 0, max: wrap - 1 })

function written(prefix: 1 | 2 | 3, value: number): Buffer {
  const bytes = Buffer.alloc(7, 0xaa)
  writeTimestamp(bytes, 1, prefix, value)
  return bytes
}

describe('the timestamps of PES headers', () => {
  it.each([
    // Worked out by hand from ISO/IEC 13818-1, 2.4.3.7: 3, 15 and 15 bits, each followed by a marker.
    [0, '2100010001'],
    [1, '2100010003'],
    [90_000, '210005bf21'],
    [2 ** 15, '2100030001'],
    [2 ** 30, '2300010001'],
    [wrap - 1, '2fffffffff'],
  ])('are written for %i as %s', (value, hex) => {
    expect(written(2, value).subarray(1, 6).toString('hex')).toBe(hex)
  })

  it('carry a prefix that says whether a decoding time follows', () => {
    expect([1, 2, 3].map((prefix) => written(prefix as 1 | 2 | 3, 0)[1]! >> 4)).toEqual([1, 2, 3])
  })

  it('touch no byte but their five', () => {
    const bytes = written(3, wrap - 1)
    expect([bytes[0], bytes[6]]).toEqual([0xaa, 0xaa])
  })

  it('come back as they were written', () => {
    fc.assert(
      fc.property(ticks, fc.constantFrom(1, 2, 3), (value, prefix) => {
        expect(readTimestamp(written(prefix as 1 | 2 | 3, value), 1)).toBe(value)
      }),
    )
  })

  it('wrap round at 33 bits, forwards and backwards', () => {
    expect(readTimestamp(written(2, wrap), 1)).toBe(0)
    expect(readTimestamp(written(2, wrap + 7), 1)).toBe(7)
    expect(readTimestamp(written(2, -1), 1)).toBe(wrap - 1)
    expect(readTimestamp(written(2, -wrap - 5), 1)).toBe(wrap - 5)
  })
})

describe('the distance of two timestamps', () => {
  it.each([
    ['plain', 1_000, 4_600, 3_600],
    ['backwards', 4_600, 1_000, -3_600],
    ['over the wrap', wrap - 100, 200, 300],
    ['backwards over the wrap', 200, wrap - 100, -300],
    ['none', 5, 5, 0],
    ['the longest', 0, wrap / 2 - 1, wrap / 2 - 1],
    ['half of the circle counts as backwards', 0, wrap / 2, -wrap / 2],
    ['of a time before zero that was never written', -50, wrap - 20, 30],
  ])('is right: %s', (_name, earlier, later, distance) => {
    expect(ticksBetween(earlier, later)).toBe(distance)
  })

  it('does not depend on where on the circle both stand', () => {
    const step = fc.integer({ min: -(wrap / 2), max: wrap / 2 - 1 })
    fc.assert(
      fc.property(ticks, step, (from, distance) => {
        const to = (((from + distance) % wrap) + wrap) % wrap
        expect(ticksBetween(from, to)).toBe(distance)
      }),
    )
  })
})
