import { describe, expect, it } from 'vitest'
import { crc32Mpeg } from './crc.ts'
import { MalformedTransportStream, packetSize } from './packet.ts'
import {
  audioPid,
  type ElementaryStream,
  patPid,
  pmtPid,
  programAssociationPacket,
  programMapPacket,
  readProgramMap,
  videoPid,
} from './tables.ts'

const picture: ElementaryStream = { pid: videoPid, streamType: 0x1b, descriptors: Buffer.alloc(0) }
const sound: ElementaryStream = {
  pid: audioPid,
  streamType: 0x0f,
  // ISO_639_language_descriptor: eng
  descriptors: Buffer.from('0a04656e6700', 'hex'),
}

const stuffing = Buffer.alloc(packetSize, 0xff)
stuffing.set([0x47, 0x1f, 0xff, 0x10])

describe('program tables', () => {
  it('come back as they were written, with the descriptors of each stream', () => {
    const bytes = Buffer.concat([programAssociationPacket(), programMapPacket([picture, sound])])
    expect(readProgramMap(bytes)).toEqual([picture, sound])
  })

  it('are on the PIDs of FFmpeg’s muxer, whole in one packet, and their checks are right', () => {
    const packets = [programAssociationPacket(), programMapPacket([picture, sound])]
    expect(packets.map((packet) => packet.length)).toEqual([packetSize, packetSize])
    expect(packets.map((packet) => packet.readUInt16BE(1) & 0x1fff)).toEqual([patPid, pmtPid])
    for (const packet of packets) {
      const end = 5 + 3 + (packet.readUInt16BE(6) & 0xfff)
      expect(crc32Mpeg(packet.subarray(5, end))).toBe(0)
      expect(packet.subarray(end).every((byte) => byte === 0xff)).toBe(true)
    }
  })

  it('let the first stream carry the clock', () => {
    expect(programMapPacket([picture, sound]).readUInt16BE(5 + 8) & 0x1fff).toBe(videoPid)
    expect(programMapPacket([]).readUInt16BE(5 + 8) & 0x1fff).toBe(0x1fff)
  })

  it('are found behind packets of other PIDs, and only the map that the association names counts', () => {
    const otherMap = programMapPacket([sound])
    otherMap.writeUInt16BE(0x4000 | 0x0999, 1)
    const bytes = Buffer.concat([stuffing, otherMap, programAssociationPacket(), stuffing, otherMap])
    expect(() => readProgramMap(bytes)).toThrow('no program map')
    expect(readProgramMap(Buffer.concat([bytes, programMapPacket([picture])]))).toEqual([picture])
  })

  it('are missing in an empty segment', () => {
    expect(() => readProgramMap(Buffer.alloc(0))).toThrow(MalformedTransportStream)
  })

  it('do not take more descriptors than fit into a packet', () => {
    const long = { ...picture, descriptors: Buffer.alloc(170) }
    expect(() => programMapPacket([long])).toThrow(RangeError)
  })

  it('are refused when the packet ends before they do', () => {
    const cut = programAssociationPacket()
    // A pointer field that leads to the last bytes of the buffer.
    cut[4] = packetSize - 5 - 4
    expect(() => readProgramMap(cut)).toThrow(MalformedTransportStream)
  })

  it('are refused when their length leaves no room for what each has', () => {
    const short = programAssociationPacket()
    short.writeUInt16BE(0xb000 | 3, 6)
    expect(() => readProgramMap(short)).toThrow(/a table is cut off/)
  })
})
