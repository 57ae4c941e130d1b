import { packetSize } from './packet.ts'
import { writeTimestamp } from './timestamp.ts'
import type { AccessUnit } from './units.ts'

const payloadSize = packetSize - 4

/** Stream id of a PES packet with MPEG or AAC sound, and of private streams such as AC-3 (ISO/IEC 13818-1, table 2-22). */
const audioStreamId = 0xc0
const privateStreamId = 0xbd

/** Stream types that travel as private stream 1: AC-3 and E-AC-3 as ATSC names them. */
const privateStreamTypes = new Set([0x06, 0x81, 0x87])

/** The stream id to write for an elementary stream of this type. */
export function soundStreamId(streamType: number): number {
  return privateStreamTypes.has(streamType) ? privateStreamId : audioStreamId
}

/**
 * One PES packet with these frames of sound, as transport packets on `pid`.
 * `nextCounter` is asked once for each packet, in order.
 */
export function packSound(
  frames: readonly AccessUnit[],
  target: { pid: number; streamId: number },
  nextCounter: () => number,
): Buffer {
  const first = frames[0]
  if (!first) return Buffer.alloc(0)
  const pes = pesPacket(first.pts, target.streamId, frames)
  const packets: Buffer[] = []
  for (let position = 0; position < pes.length; position += payloadSize) {
    const piece = pes.subarray(position, position + payloadSize)
    packets.push(
      transportPacket(piece, { pid: target.pid, unitStart: position === 0, counter: nextCounter() }),
    )
  }
  return Buffer.concat(packets)
}

function pesPacket(pts: number, streamId: number, frames: readonly AccessUnit[]): Buffer {
  const header = Buffer.alloc(14)
  const dataLength = frames.reduce((sum, frame) => sum + frame.data.length, 0)
  header.writeUIntBE(1, 0, 3)
  header[3] = streamId
  // A length of 0 means "unbounded", which is what a packet too long for 16 bits has to say.
  header.writeUInt16BE(dataLength + 8 > 0xffff ? 0 : dataLength + 8, 4)
  header[6] = 0x80
  header[7] = 0x80
  header[8] = 5
  writeTimestamp(header, 9, 2, pts)
  return Buffer.concat([header, ...frames.map((frame) => frame.data)])
}

function transportPacket(
  payload: Buffer,
  place: { pid: number; unitStart: boolean; counter: number },
): Buffer {
  const packet = Buffer.alloc(packetSize, 0xff)
  const stuffing = payloadSize - payload.length
  packet[0] = 0x47
  packet.writeUInt16BE((place.unitStart ? 0x4000 : 0) | place.pid, 1)
  packet[3] = (stuffing > 0 ? 0x30 : 0x10) | place.counter
  if (stuffing > 0) packet[4] = stuffing - 1
  if (stuffing > 1) packet[5] = 0
  payload.copy(packet, 4 + stuffing)
  return packet
}
