import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { box, boxAt, fullBox, MalformedMp4, readBoxes, u8, u16, u32, u64 } from './box.ts'

const type = fc.stringMatching(/^[a-z0-9 ]{4}$/)
const content = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))

describe('boxes', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ type, content }), { maxLength: 6 }), (boxes) => {
        const bytes = Buffer.concat(boxes.map((each) => box(each.type, each.content)))
        expect(readBoxes(bytes)).toEqual(boxes)
      }),
    )
  })
  it('hold their pieces one after the other, behind their size and type', () => {
    expect(box('abcd', u8(1), u16(2, 3), u32(4)).toString('hex')).toBe(
      '000000116162636401000200030000' + '0004',
    )
  })
  it('begin with version and flags where they have them', () => {
    expect(fullBox('trun', 1, 0xa05).subarray(8).toString('hex')).toBe('01000a05')
  })
  it('hold numbers of 64 bits', () => {
    expect(u64(2 ** 40 + 5).toString('hex')).toBe('0000010000000005')
  })
  it('are found by their path, the first of each', () => {
    const inner = box('moof', box('mfhd', u8(1)), box('traf', box('tfdt', u8(2))), box('traf', u8(9)))
    expect(boxAt(Buffer.concat([box('styp'), inner]), 'moof', 'traf', 'tfdt')).toEqual(u8(2))
  })
  it('that are missing are named', () => {
    expect(() => boxAt(box('moof', box('mfhd')), 'moof', 'traf')).toThrow('no moof/traf')
  })
})

describe('bytes that are cut off', () => {
  it('are refused wherever they are cut', () => {
    const whole = Buffer.concat([box('styp', u32(1)), box('mdat', u32(1, 2))])
    for (let length = 1; length < whole.length; length += 1) {
      if (length === 12) continue
      expect(() => readBoxes(whole.subarray(0, length))).toThrow(MalformedMp4)
    }
  })
  it.each([0, 1, 7, 9])('are refused with a size of %i in a box of 8', (size) => {
    expect(() => readBoxes(Buffer.concat([u32(size), Buffer.from('free')]))).toThrow(MalformedMp4)
  })

  it('are read where their size stands in 64 bits, too', () => {
    const large = Buffer.concat([u32(1), Buffer.from('mdat'), u64(19), Buffer.from('abc')])
    expect(readBoxes(Buffer.concat([large, box('free')]))).toEqual([
      { type: 'mdat', content: Buffer.from('abc') },
      { type: 'free', content: Buffer.alloc(0) },
    ])
    expect(() => readBoxes(large.subarray(0, 18))).toThrow(MalformedMp4)
    expect(() => readBoxes(Buffer.concat([u32(1), Buffer.from('mdat'), u64(15)]))).toThrow(MalformedMp4)
  })
})
