import { describe, expect, it } from 'vitest'
import { MalformedTransportStream, packetSize } from './packet.ts'
import { programAssociationPacket, videoPid } from './tables.ts'
import { samplePictures, sampleVideoSegment } from './testing/sample-segment.ts'
import { writeTimestamp } from './timestamp.ts'
import { readAccessUnits, readPesTimes } from './units.ts'

const pictures = samplePictures({
  ...{ count: 5, firstPts: 1_000_000, frameTicks: 3_600, reorderTicks: 7_200, bytes: 700 },
})

function pesHeader(flags: number): Buffer {
  const bytes = Buffer.alloc(19)
  bytes.set([0, 0, 1, 0xe0, 0, 0, 0x80, flags, 10])
  writeTimestamp(bytes, 9, 3, 90_000)
  writeTimestamp(bytes, 14, 1, 45_000)
  return bytes
}

describe('the access units of a stream', () => {
  it('come with both their times and all their bytes, over as many packets as they fill', () => {
    expect(readAccessUnits(sampleVideoSegment(pictures), videoPid)).toEqual(pictures)
  })

  it('are those of one PID only', () => {
    expect(readAccessUnits(sampleVideoSegment(pictures), videoPid + 1)).toEqual([])
  })

  it('lose what comes before the first beginning', () => {
    const bytes = sampleVideoSegment(pictures)
    const firstUnitPackets = Math.ceil((19 + 700) / 184)
    const cut = bytes.subarray((2 + 1) * packetSize)
    expect(readAccessUnits(cut, videoPid)).toEqual(pictures.slice(1))
    expect(firstUnitPackets).toBeGreaterThan(1)
  })

  it('are as many as were there when the end is missing', () => {
    const bytes = sampleVideoSegment(pictures)
    const units = readAccessUnits(bytes.subarray(0, bytes.length - packetSize), videoPid)
    expect(units.length).toBe(5)
    expect(units.at(-1)!.data.length).toBeLessThan(700)
  })
})

describe('the times of a PES header', () => {
  it('are two where it has two, and one twice where it has one', () => {
    expect(readPesTimes(pesHeader(0xc0), 0)).toEqual({ pts: 90_000, dts: 45_000, dataOffset: 19 })
    expect(readPesTimes(pesHeader(0x80), 0)).toEqual({ pts: 90_000, dts: 90_000, dataOffset: 19 })
  })

  it.each([
    ['no start code', Buffer.alloc(30), /no PES start code/],
    ['no time', pesHeader(0x00), /without a timestamp/],
    ['its end missing', pesHeader(0x80).subarray(0, 13), /cut off/],
    ['the end of its decoding time missing', pesHeader(0xc0).subarray(0, 18), /cut off/],
    ['nothing but a start code', Buffer.from([0, 0, 1]), /cut off/],
  ])('are refused with %s', (_name, bytes, message) => {
    expect(() => readPesTimes(bytes, 0)).toThrow(MalformedTransportStream)
    expect(() => readPesTimes(bytes, 0)).toThrow(message)
  })

  it('are looked for at the offset', () => {
    const bytes = Buffer.concat([programAssociationPacket(), pesHeader(0x80)])
    expect(readPesTimes(bytes, packetSize).pts).toBe(90_000)
  })
})
