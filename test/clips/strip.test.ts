import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cells, decodeStrip, encodeStrip, numberLimit } from './strip.ts'

const number = fc.integer({ min: 0, max: numberLimit - 1 })

describe('a strip of cells', () => {
  it('gives every number back', () => {
    for (let value = 0; value < numberLimit; value += 1) expect(decodeStrip(encodeStrip(value))).toBe(value)
  })

  it('gives the number back from the greys that codecs make of black and white', () => {
    fc.assert(
      fc.property(
        number,
        fc.array(fc.integer({ min: 0, max: 80 }), { minLength: cells, maxLength: cells }),
        (value, off) => {
          const luma = encodeStrip(value).map((cell, index) => (cell === 0 ? off[index]! : 255 - off[index]!))
          expect(decodeStrip(luma)).toBe(value)
        },
      ),
    )
  })

  it('is unreadable with any one cell turned', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: cells - 1 }), (value, cell) => {
        const luma = encodeStrip(value)
        luma[cell] = 255 - luma[cell]!
        expect(decodeStrip(luma)).not.toBe(value)
        if (cell >= 16) expect(decodeStrip(luma)).toBeNull()
      }),
    )
  })

  it('is unreadable where two neighbouring frames are blended', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: numberLimit - 2 }), (value) => {
        const next = encodeStrip(value + 1)
        const luma = encodeStrip(value).map((cell, index) => (cell + next[index]!) / 2)
        expect(decodeStrip(luma)).toBeNull()
      }),
    )
  })

  it('holds 16 bits and no more', () => {
    expect(() => encodeStrip(numberLimit)).toThrow(RangeError)
    expect(() => encodeStrip(-1)).toThrow(RangeError)
    expect(() => encodeStrip(0.5)).toThrow(RangeError)
  })
})
