import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  element,
  elementStart,
  float64,
  idBytes,
  ids,
  openElement,
  sizeBytes,
  text,
  unsigned,
} from './ebml.ts'
import { elementAt, MalformedMatroska, readElements, readSize } from './read-elements.ts'

const hex = (bytes: Buffer): string => bytes.toString('hex')

describe('an element', () => {
  it('is its identifier, its size and its content', () => {
    expect(hex(text(ids.docType, 'matroska'))).toBe('4282886d6174726f736b61')
    expect(hex(unsigned(ids.timestampScale, 1_000_000))).toBe('2ad7b1830f4240')
    expect(hex(unsigned(ids.flagLacing, 0))).toBe('9c8100')
    expect(hex(float64(ids.samplingFrequency, 48_000))).toBe('b58840e7700000000000')
    expect(hex(element(ids.seek, unsigned(ids.cueTime, 1), unsigned(ids.cueTrack, 2)))).toBe(
      '4dbb86b38101f78102',
    )
  })
  it('may have a size that is not known, or one that can be written again', () => {
    expect(hex(openElement(ids.segment))).toBe('1853806701ffffffffffffff')
    expect(hex(elementStart(ids.segment, 258))).toBe('185380670100000000000102')
  })
  it('has an identifier that tells its own length', () => {
    for (const id of Object.values(ids)) {
      const bytes = idBytes(id)
      expect(Math.clz32(bytes[0]!) - 23, id.toString(16)).toBe(bytes.length)
    }
  })
})

describe('a size', () => {
  it.each([
    [0, '80'],
    [126, 'fe'],
    // All bits set would mean that it is not known.
    [127, '407f'],
    [16_382, '7ffe'],
    [16_383, '203fff'],
  ])('of %i takes no more bytes than it has to', (size, bytes) => {
    expect(hex(sizeBytes(size))).toBe(bytes)
  })
  it('is read as it was written, up to what a file can have', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (size) => {
        expect(readSize(sizeBytes(size), 0)).toEqual({ size, width: sizeBytes(size).length })
        expect(readSize(sizeBytes(size, 8), 0)).toEqual({ size, width: 8 })
      }),
    )
  })
})

describe('reading elements', () => {
  const inner = Buffer.concat([unsigned(ids.timestamp, 5), element(ids.simpleBlock, Buffer.alloc(300, 1))])
  it('finds what was written, one inside the other', () => {
    const bytes = Buffer.concat([element(ids.cluster, inner), element(ids.cues)])
    expect(readElements(bytes).map(({ id }) => id)).toEqual([ids.cluster, ids.cues])
    expect(hex(elementAt(bytes, ids.cluster, ids.timestamp))).toBe('05')
    expect(elementAt(bytes, ids.cluster, ids.simpleBlock)).toHaveLength(300)
  })
  it('goes to the end for an element without a size', () => {
    expect(readElements(Buffer.concat([openElement(ids.segment), inner]))).toEqual([
      { id: ids.segment, content: inner },
    ])
  })
  it('says what is cut off or missing', () => {
    const whole = element(ids.cluster, inner)
    for (const length of [1, 3, 4, 5, whole.length - 1]) {
      expect(() => readElements(whole.subarray(0, length))).toThrow(MalformedMatroska)
    }
    expect(() => elementAt(whole, ids.cluster, ids.cueTime)).toThrow('no 1f43b675/b3')
  })
})
