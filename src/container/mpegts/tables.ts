import { crc32Mpeg } from './crc.ts'
import { MalformedTransportStream, packetOffsets, packetSize, readPacketHeader } from './packet.ts'

/** PIDs and numbers that FFmpeg's muxer uses, so that a rewritten segment looks like one of its own. */
export const patPid = 0x0000
export const pmtPid = 0x1000
export const videoPid = 0x0100
export const audioPid = 0x0101

const programNumber = 1
const transportStreamId = 1

/** One elementary stream as a program map lists it: its type and descriptors are kept as the encoder wrote them. */
export interface ElementaryStream {
  readonly pid: number
  readonly streamType: number
  readonly descriptors: Buffer
}

/** Bytes of a section with nothing in it but what both tables have: header, two bytes of their own, and CRC. */
const leastSection = 12

/** The elementary streams of the first program map in the bytes. Throws MalformedTransportStream without one. */
export function readProgramMap(bytes: Buffer): readonly ElementaryStream[] {
  let mapPid: number | null = null
  for (const offset of packetOffsets(bytes)) {
    const header = readPacketHeader(bytes, offset)
    if (!header.unitStart || !header.hasPayload) continue
    if (header.pid === patPid) mapPid = readMapPid(sectionAt(bytes, header.payloadOffset))
    else if (header.pid === mapPid) return readStreams(sectionAt(bytes, header.payloadOffset))
  }
  throw new MalformedTransportStream('no program map')
}

function sectionAt(bytes: Buffer, payloadOffset: number): Buffer {
  const start = payloadOffset + 1 + bytes[payloadOffset]!
  const length = start + leastSection > bytes.length ? 0 : bytes.readUInt16BE(start + 1) & 0x0fff
  const section = bytes.subarray(start, start + 3 + length)
  if (section.length < leastSection)
    throw new MalformedTransportStream(`a table is cut off at ${payloadOffset}`)
  return section
}

function readMapPid(section: Buffer): number {
  return section.readUInt16BE(10) & 0x1fff
}

function readStreams(section: Buffer): ElementaryStream[] {
  const streams: ElementaryStream[] = []
  const end = section.length - 4
  let position = 12 + (section.readUInt16BE(10) & 0x0fff)
  while (position + 5 <= end) {
    const descriptorLength = section.readUInt16BE(position + 3) & 0x0fff
    streams.push({
      pid: section.readUInt16BE(position + 1) & 0x1fff,
      streamType: section[position]!,
      descriptors: Buffer.from(section.subarray(position + 5, position + 5 + descriptorLength)),
    })
    position += 5 + descriptorLength
  }
  return streams
}

/** A packet with the program association table; its continuity counter is 0 and is set when it is placed. */
export function programAssociationPacket(): Buffer {
  const body = Buffer.alloc(4)
  body.writeUInt16BE(programNumber, 0)
  body.writeUInt16BE(0xe000 | pmtPid, 2)
  return tablePacket(patPid, 0x00, transportStreamId, body)
}

/** A packet with a program map of these streams; the first one carries the clock (PCR). */
export function programMapPacket(streams: readonly ElementaryStream[]): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(0xe000 | (streams[0]?.pid ?? 0x1fff), 0)
  head.writeUInt16BE(0xf000, 2)
  const entries = streams.map((stream) => {
    const entry = Buffer.alloc(5)
    entry[0] = stream.streamType
    entry.writeUInt16BE(0xe000 | stream.pid, 1)
    entry.writeUInt16BE(0xf000 | stream.descriptors.length, 3)
    return Buffer.concat([entry, stream.descriptors])
  })
  return tablePacket(pmtPid, 0x02, programNumber, Buffer.concat([head, ...entries]))
}

function tablePacket(pid: number, tableId: number, tableExtension: number, body: Buffer): Buffer {
  const sectionLength = 5 + body.length + 4
  const section = Buffer.alloc(3 + sectionLength)
  if (section.length > packetSize - 5)
    throw new RangeError(`a table of ${section.length} bytes does not fit a packet`)
  section[0] = tableId
  section.writeUInt16BE(0xb000 | sectionLength, 1)
  section.writeUInt16BE(tableExtension, 3)
  section[5] = 0xc1
  body.copy(section, 8)
  section.writeUInt32BE(crc32Mpeg(section.subarray(0, section.length - 4)), section.length - 4)

  const packet = Buffer.alloc(packetSize, 0xff)
  packet[0] = 0x47
  packet.writeUInt16BE(0x4000 | pid, 1)
  packet[3] = 0x10
  packet[4] = 0
  section.copy(packet, 5)
  return packet
}
