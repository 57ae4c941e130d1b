import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32Mpeg } from './crc.ts'
import { programAssociationPacket } from './tables.ts'

describe('the check of a table section', () => {
  it.each([
    // The check value that catalogues of CRCs give for CRC-32/MPEG-2; the others are divided bit by bit.
    ['123456789', 0x0376e6e7],
    ['', 0xffffffff],
    ['\u0000', 0x4e08bfb4],
    ['a', 0xe66c6494],
  ])('of %j is right', (text, crc) => {
    expect(crc32Mpeg(Buffer.from(text, 'latin1'))).toBe(crc)
  })

  it('is that of a program association table which FFmpeg wrote', () => {
    const section = Buffer.from('00b00d0001c100000001f0002ab104b2', 'hex')
    expect(crc32Mpeg(section.subarray(0, -4))).toBe(section.readUInt32BE(12))
  })

  it('comes out as zero over a section together with its check, which is how demuxers test it', () => {
    const packet = programAssociationPacket()
    const length = 3 + (packet.readUInt16BE(6) & 0xfff)
    expect(crc32Mpeg(packet.subarray(5, 5 + length))).toBe(0)
  })

  it('changes with every single bit', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 })
    fc.assert(
      fc.property(bytes, fc.nat(), (whole, bit) => {
        const changed = Buffer.from(whole)
        const place = bit % (whole.length * 8)
        changed[place >> 3]! ^= 1 << (place & 7)
        expect(crc32Mpeg(changed)).not.toBe(crc32Mpeg(whole))
      }),
    )
  })
})
