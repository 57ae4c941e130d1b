import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packetOffsets, packetSize, readPacketHeader } from './packet.ts'
import { packSound, soundStreamId } from './pes.ts'
import { type AccessUnit, readAccessUnits } from './units.ts'

const place = { pid: 0x101, streamId: 0xc0 }

function frame(bytes: number, pts = 900_000): AccessUnit {
  return { pts, dts: pts, data: Buffer.from(Array.from({ length: bytes }, (_, index) => index % 256)) }
}

function packed(frames: readonly AccessUnit[], firstCounter = 0): Buffer {
  let counter = firstCounter - 1
  return packSound(frames, place, () => {
    counter = (counter + 1) & 0x0f
    return counter
  })
}

describe('sound in transport packets', () => {
  it('comes back as it went in, whatever its size', () => {
    // Sizes around the edges of a packet, where stuffing of no, one and two bytes is written differently.
    const sizes = fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 160, max: 190 }))
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 2 ** 33 - 1 }), (size, pts) => {
        const bytes = packed([frame(size, pts)])
        expect(bytes.length % packetSize).toBe(0)
        expect(readAccessUnits(bytes, place.pid)).toEqual([frame(size, pts)])
      }),
    )
  })

  it('joins frames into one PES packet with the first one’s time', () => {
    const [unit, ...more] = readAccessUnits(packed([frame(300, 900_000), frame(200, 901_920)]), place.pid)
    expect(more).toEqual([])
    expect(unit!.pts).toBe(900_000)
    expect(unit!.data).toEqual(Buffer.concat([frame(300).data, frame(200).data]))
  })

  it('says its length, and says "unbounded" where 16 bits do not hold it', () => {
    expect(packed([frame(1_000)]).readUInt16BE(8)).toBe(1_008)
    expect(packed([frame(0xffff - 8)]).readUInt16BE(8)).toBe(0xffff)
    expect(packed([frame(0xffff - 7)]).readUInt16BE(8)).toBe(0)
  })

  it('asks for a counter once for each packet, in order', () => {
    const bytes = packed([frame(3_000)], 13)
    const counters = [...packetOffsets(bytes)].map((offset) => bytes[offset + 3]! & 0x0f)
    expect(counters.slice(0, 5)).toEqual([13, 14, 15, 0, 1])
    expect(counters.length).toBe(Math.ceil((3_000 + 14) / 184))
  })

  it('begins in its first packet only', () => {
    const bytes = packed([frame(400)])
    const starts = [...packetOffsets(bytes)].map((offset) => readPacketHeader(bytes, offset).unitStart)
    expect(starts).toEqual([true, false, false])
  })

  it('is nothing without frames', () => {
    expect(packed([]).length).toBe(0)
  })

  it.each([
    ['MPEG-1 layer III', 0x03, 0xc0],
    ['AAC in ADTS', 0x0f, 0xc0],
    ['private data, as Opus travels', 0x06, 0xbd],
    ['AC-3', 0x81, 0xbd],
    ['E-AC-3', 0x87, 0xbd],
  ])('has the stream id of its kind: %s', (_name, streamType, streamId) => {
    expect(soundStreamId(streamType)).toBe(streamId)
  })
})
