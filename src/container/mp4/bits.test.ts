import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBitReader, withoutEmulationPrevention } from './bits.ts'
import { BitWriter, withEmulationPrevention } from './testing/bit-writer.ts'

describe('a bit reader', () => {
  it('reads every kind of number as it was written', () => {
    const field = fc.oneof(
      fc.record({ kind: fc.constant('bits' as const), value: fc.nat(2 ** 20 - 1) }),
      fc.record({ kind: fc.constant('unsigned' as const), value: fc.nat(2 ** 20) }),
      fc.record({ kind: fc.constant('signed' as const), value: fc.integer({ min: -5000, max: 5000 }) }),
      fc.record({ kind: fc.constant('flag' as const), value: fc.nat(1) }),
    )
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
        const writer = new BitWriter()
        for (const { kind, value } of fields) {
          if (kind === 'bits') writer.bits(20, value)
          else if (kind === 'flag') writer.flag(value === 1)
          else writer[kind](value)
        }
        const reader = createBitReader(writer.end())
        for (const { kind, value } of fields) {
          if (kind === 'bits') expect(reader.bits(20)).toBe(value)
          else if (kind === 'flag') expect(reader.flag()).toBe(value === 1)
          else expect(reader[kind]() + 0).toBe(value)
        }
      }),
    )
  })
  it('reads the codes of the standard', () => {
    // Table 9-2: 1, 010, 011, 00100 are 0 to 3.
    const reader = createBitReader(Buffer.from([0b10100110, 0b01000000]))
    expect([reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]).toEqual([0, 1, 2, 3])
  })
  it('gives zeros past the end, and ends there', () => {
    const reader = createBitReader(Buffer.alloc(0))
    expect(reader.bits(16)).toBe(0)
    expect(reader.unsigned()).toBe(2 ** 32 - 1)
  })
})

describe('emulation prevention', () => {
  it('is taken out again, whatever the payload', () => {
    const byte = fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), (payload) => {
        const bytes = Buffer.from(payload)
        expect(withoutEmulationPrevention(withEmulationPrevention(bytes))).toEqual(bytes)
      }),
    )
  })
  it('is a 3 after two zeros only', () => {
    expect(withoutEmulationPrevention(Buffer.from([0, 0, 3, 1, 0, 3, 0, 0, 3]))).toEqual(
      Buffer.from([0, 0, 1, 0, 3, 0, 0]),
    )
  })
})
