import { describe, expect, it } from 'vitest'
import { packetOffsets, packetSize, readPacketHeader } from './packet.ts'
import { audioPid, type ElementaryStream, patPid, pmtPid, videoPid } from './tables.ts'
import { samplePictures, sampleVideoSegment } from './testing/sample-segment.ts'
import { type AccessUnit, readAccessUnits } from './units.ts'
import { createWeaver } from './weave.ts'

const stream: ElementaryStream = { pid: videoPid, streamType: 0x0f, descriptors: Buffer.alloc(0) }

const video = (firstPts: number, count = 25) =>
  sampleVideoSegment(samplePictures({ count, firstPts, frameTicks: 3_600, bytes: 300 }))

function sound(count: number, bytes: number, firstPts = 900_000): AccessUnit[] {
  return Array.from({ length: count }, (_, index) => {
    const pts = firstPts + index * 1_920
    return { pts, dts: pts, data: Buffer.alloc(bytes, index) }
  })
}

/** Continuity counters by PID, of packets with payload. */
function counters(bytes: Buffer): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (const offset of packetOffsets(bytes)) {
    const { pid, hasPayload } = readPacketHeader(bytes, offset)
    if (hasPayload) found.set(pid, [...(found.get(pid) ?? []), bytes[offset + 3]! & 0x0f])
  }
  return found
}

describe('weaving', () => {
  it('counts packets on from segment to segment on every PID', () => {
    const weaver = createWeaver(stream)
    const bytes = Buffer.concat([
      weaver.weave(video(900_000), sound(40, 300)),
      weaver.weave(video(990_000), sound(40, 300, 976_800)),
    ])
    const found = counters(bytes)
    expect([...found.keys()].sort((a, b) => a - b)).toEqual([patPid, videoPid, audioPid, pmtPid])
    for (const values of found.values()) {
      expect(values).toEqual(values.map((_, index) => index & 0x0f))
    }
  })

  it('leaves the node’s segment as it is', () => {
    const before = video(900_000)
    const copy = Buffer.from(before)
    createWeaver(stream).weave(before, sound(40, 300))
    expect(before).toEqual(copy)
  })

  it('collects frames up to what FFmpeg puts into one PES packet', () => {
    const groups = (bytes: number) =>
      readAccessUnits(createWeaver(stream).weave(video(900_000), sound(30, bytes)), audioPid)
    expect(groups(293).map(({ data }) => data.length)).toEqual([2_930, 2_930, 2_930])
    expect(groups(294).map(({ data }) => data.length / 294)).toEqual([9, 9, 9, 3])
    expect(groups(3_000).length).toBe(30)
  })

  it('gives each group the time of its first frame', () => {
    const made = readAccessUnits(createWeaver(stream).weave(video(900_000), sound(30, 293)), audioPid)
    expect(made.map(({ pts }) => pts)).toEqual([0, 10, 20].map((index) => 900_000 + index * 1_920))
  })

  it('puts sound that lies behind the last picture at the end', () => {
    const bytes = createWeaver(stream).weave(video(900_000, 2), sound(3, 100, 1_000_000))
    expect(readPacketHeader(bytes, bytes.length - packetSize).pid).toBe(audioPid)
  })

  it('drops sound in a session that is silent', () => {
    const bytes = createWeaver(null).weave(video(900_000), sound(3, 100))
    expect(counters(bytes).has(audioPid)).toBe(false)
  })
})
