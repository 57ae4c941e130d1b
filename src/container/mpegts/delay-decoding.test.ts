import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAssembler } from './assembler.ts'
import { delayDecoding } from './delay-decoding.ts'
import { inspectSegment } from './inspect.ts'
import { packetOffsets, packetSize, readPacketHeader } from './packet.ts'
import { packSound } from './pes.ts'
import { programAssociationPacket, videoPid } from './tables.ts'
import { samplePictures, sampleVideoSegment } from './testing/sample-segment.ts'
import { readAccessUnits } from './units.ts'

const firstPts = 900_000
const frameTicks = 3_600

/** Pictures whose PES headers have one time only, as FFmpeg writes them where both are the same. */
function singleTimed(sizes: readonly number[]): Buffer {
  const pictures = samplePictures({ count: sizes.length, firstPts, frameTicks })
  const tables = sampleVideoSegment([])
  let counter = 0
  const nextCounter = () => counter++ & 0x0f
  const packets = pictures.map(({ pts }, index) =>
    packSound(
      [{ pts, dts: pts, data: Buffer.alloc(sizes[index]!, index + 1) }],
      { pid: videoPid, streamId: 0xe0 },
      nextCounter,
    ),
  )
  return Buffer.concat([tables, ...packets])
}

/** The same segment with a clock and the mark of a key frame in its first picture's first packet. */
function withClock(segment: Buffer, size: number): Buffer {
  const [tables, rest] = [segment.subarray(0, 2 * packetSize), segment.subarray(2 * packetSize)]
  const first = Buffer.alloc(packetSize, 0xff)
  const payload = rest.subarray(4, 4 + packetSize - 12)
  first.set([0x47, 0x40 | (videoPid >> 8), videoPid & 0xff, 0x30, 7, 0x50, 1, 2, 3, 4, 5, 6])
  payload.copy(first, 12)
  const left = rest.subarray(4 + payload.length, packetSize)
  const second = Buffer.alloc(packetSize, 0xff)
  second.set([0x47, videoPid >> 8, videoPid & 0xff, 0x31, packetSize - 4 - left.length - 1, 0])
  left.copy(second, packetSize - left.length)
  if (size < packetSize) throw new RangeError('the first picture has to fill its packet')
  return Buffer.concat([tables, first, second, rest.subarray(packetSize)])
}

describe('delayDecoding', () => {
  it('gives a decoding time to pictures that had none, and changes nothing else of them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 20_000 }),
        (sizes, ticks) => {
          const before = readAccessUnits(singleTimed(sizes), videoPid)
          const after = readAccessUnits(delayDecoding(singleTimed(sizes), videoPid, ticks), videoPid)
          expect(after).toEqual(before.map((unit) => ({ ...unit, dts: unit.dts - ticks })))
        },
      ),
    )
  })

  it('moves decoding times that are there', () => {
    const pictures = samplePictures({ count: 3, firstPts, frameTicks, reorderTicks: frameTicks, bytes: 500 })
    const moved = delayDecoding(sampleVideoSegment(pictures), videoPid, frameTicks)
    expect(readAccessUnits(moved, videoPid)).toEqual(
      pictures.map((unit) => ({ ...unit, dts: unit.dts - frameTicks })),
    )
  })

  it('keeps the clock and the mark of a key frame at the beginning', () => {
    const moved = delayDecoding(withClock(singleTimed([600]), 600), videoPid, 7_200)
    const offset = 2 * packetSize
    expect(moved[offset + 3]! & 0x20).toBe(0x20)
    expect([...moved.subarray(offset + 5, offset + 12)]).toEqual([0x50, 1, 2, 3, 4, 5, 6])
    expect(readAccessUnits(moved, videoPid)[0]!.data).toEqual(Buffer.alloc(600, 1))
  })

  it('leaves the packets of other streams where they are, also those in the middle of a picture', () => {
    const segment = singleTimed([600, 600])
    const table = programAssociationPacket()
    const middle = 4 * packetSize
    const mixed = Buffer.concat([segment.subarray(0, middle), table, segment.subarray(middle)])
    const moved = delayDecoding(mixed, videoPid, 7_200)
    expect(readAccessUnits(moved, videoPid).map(({ data }) => data.length)).toEqual([600, 600])
    const pids = [...packetOffsets(moved)].map((offset) => readPacketHeader(moved, offset).pid)
    expect(pids.filter((pid) => pid === 0)).toHaveLength(2)
    expect(pids.indexOf(0, 1)).toBeLessThan(pids.lastIndexOf(videoPid))
  })
})

describe('one reorder delay for a session', () => {
  const assemble = (...segments: readonly Buffer[]) => {
    const assembler = createAssembler()
    return segments.map((segment) => assembler.assemble(segment, { nextStartSeconds: null }).bytes)
  }
  const segment = (from: number, count: number, reorderTicks: number) =>
    sampleVideoSegment(
      samplePictures({ count, firstPts: firstPts + from * frameTicks, frameTicks, reorderTicks }),
    )

  it('is that of its first segment, also for a lease too short to reorder anything', () => {
    const made = assemble(segment(0, 25, 7_200), segment(25, 1, 0))
    expect(inspectSegment(made[1]!)).toMatchObject({
      firstPts: firstPts + 25 * frameTicks,
      firstDts: firstPts + 23 * frameTicks,
    })
  })

  it('leaves segments alone whose delay differs by a rounding only', () => {
    const rounded = segment(25, 25, 7_199)
    expect(readAccessUnits(assemble(segment(0, 25, 7_200), rounded)[1]!, videoPid)).toEqual(
      readAccessUnits(rounded, videoPid),
    )
  })
})
