import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitByteStream, splitSample, withLengths } from './nal-units.ts'
import { withEmulationPrevention } from './testing/bit-writer.ts'

/** Units as encoders write them: no start code within, and no zero at the end. */
const unit = fc
  .tuple(
    fc.nat(255),
    fc.array(fc.oneof(fc.nat(3), fc.nat(255)), { maxLength: 30 }),
    fc.integer({ min: 1, max: 255 }),
  )
  .map(([header, payload, last]) => withEmulationPrevention(Buffer.from([header, ...payload, last])))
const startCode = fc.constantFrom(
  Buffer.from([0, 0, 1]),
  Buffer.from([0, 0, 0, 1]),
  Buffer.from([0, 0, 0, 0, 1]),
)

describe('a byte stream', () => {
  it('is split into its units, with start codes of any length', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(startCode, unit), { maxLength: 6 }), fc.nat(3), (parts, zeros) => {
        const stream = Buffer.concat([...parts.flat(), Buffer.alloc(zeros)])
        expect(splitByteStream(stream)).toEqual(parts.map(([, each]) => each))
      }),
    )
  })
  it('has no units where there is no start code', () => {
    expect(splitByteStream(Buffer.from([1, 2, 3, 0, 0, 2]))).toEqual([])
  })
  it('has no empty units', () => {
    expect(splitByteStream(Buffer.from([0, 0, 1, 0, 0, 1, 9, 0, 0, 1]))).toEqual([Buffer.from([9])])
  })
})

describe('a sample', () => {
  it('holds the units with their lengths', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 6 }), (units) => {
        expect(splitSample(withLengths(units))).toEqual(units)
      }),
    )
    expect(withLengths([Buffer.from([7, 8])]).toString('hex')).toBe('000000020708')
  })
})
