import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { h264StreamType } from './picture-codec.ts'
import { pictureFault } from './picture-fault.ts'

const hevcStreamType = 0x24
const stream = (...units: (readonly number[])[]): Buffer =>
  Buffer.from(units.flatMap((unit) => [0, 0, 0, 1, ...unit]))

/** Delimiter, parameter sets, a key frame's slice; and a slice of another picture. */
const h264Key = stream([9, 0x10], [0x67, 100, 0, 31], [0x68, 0xef], [0x65, 0x88, 0x84, 0x21])
const h264Other = stream([9, 0x30], [0x41, 0x9a, 0x21, 0x6c])
const hevcKey = stream([0x46, 1, 0x10], [0x40, 1, 12], [0x42, 1, 1], [0x44, 1, 0xc1], [0x26, 1, 0xaf, 0x0a])
const hevcOther = stream([0x02, 1, 0xd0, 0x2a])

describe('a picture of H.264', () => {
  it('has no fault, and may be begun with where it is a key frame', () => {
    expect(pictureFault(h264Key, h264StreamType, true)).toBeNull()
    expect(pictureFault(h264Other, h264StreamType, false)).toBeNull()
    expect(pictureFault(h264Other, h264StreamType, true)).toBe('it is no key frame')
  })

  it('of an open group begins with slices that need no others', () => {
    // First macroblock 0, slice type 7: all I.
    expect(pictureFault(stream([0x61, 0x88, 0x84, 0x21]), h264StreamType, true)).toBeNull()
  })

  it('may have more slices, of which the first is the first', () => {
    const second = [0x41, 0x42, 0x84, 0x21]
    expect(pictureFault(stream([0x41, 0x9a, 0x21, 0x6c], second), h264StreamType, false)).toBeNull()
    expect(pictureFault(stream(second), h264StreamType, false)).toMatch(/first slice/)
  })

  it.each([
    ['a forbidden bit', [0xc1, 0x9a, 0x21], /NAL units/],
    ['a type that no encoder writes', [0x42, 0x9a, 0x21], /NAL units/],
    ['no bytes in its slice', [0x41], /empty slice/],
    ['a slice of no known type', [0x41, 0x85, 0x21, 0x6c], /broken head/],
  ])('has not %s', (_what, unit, why) => {
    expect(pictureFault(stream(unit), h264StreamType, false)).toMatch(why)
  })

  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['only zeros', Buffer.alloc(100)],
    ['only parameter sets', stream([0x67, 100, 0, 31], [0x68, 0xef])],
  ])('is not %s', (_what, data) => {
    expect(pictureFault(data, h264StreamType, false)).toMatch(/nothing of a picture/)
  })
})

describe('a picture of HEVC', () => {
  it('has no fault, and may be begun with where it is a random access point', () => {
    expect(pictureFault(hevcKey, hevcStreamType, true)).toBeNull()
    expect(pictureFault(hevcOther, hevcStreamType, false)).toBeNull()
    expect(pictureFault(hevcOther, hevcStreamType, true)).toBe('it is no key frame')
  })

  it.each([
    ['a reserved type', [0x2e, 1, 0xaf], /NAL units/],
    ['another layer', [0x02, 9, 0xd0], /NAL units/],
    ['no temporal layer', [0x02, 0, 0xd0], /NAL units/],
    ['a slice that is not its first', [0x02, 1, 0x50, 0x2a], /first slice/],
    ['an empty slice', [0x02, 1], /empty slice/],
  ])('has not %s', (_what, unit, why) => {
    expect(pictureFault(stream(unit), hevcStreamType, false)).toMatch(why)
  })
})

it('whatever the bytes are, the answer is a reason or none', () => {
  const types = fc.constantFrom(h264StreamType, hevcStreamType)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), types, fc.boolean(), (bytes, type, asKey) => {
      const data = Buffer.concat([Buffer.from([0, 0, 1]), bytes])
      const fault = pictureFault(data, type, asKey)
      expect(fault === null || fault.length > 0).toBe(true)
    }),
  )
})
