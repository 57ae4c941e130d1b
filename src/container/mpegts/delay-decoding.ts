import { packetOffsets, packetSize, readPacketHeader } from './packet.ts'
import { readTimestamp, writeTimestamp } from './timestamp.ts'

/**
 * Moves the decoding times of a segment's pictures back by `ticks`, and leaves the times at which they are shown. A
 * lease of one or two pictures has no reordering, so its encoder says that they are decoded when they are shown; in a
 * session that reorders, that is later than the pictures before and after expect. Pictures without a decoding time of
 * their own get one. Continuity counters are not kept: the weaver writes them anew.
 */
export function delayDecoding(bytes: Buffer, pid: number, ticks: number): Buffer {
  const pieces: Buffer[] = []
  let unit: PictureUnit | null = null
  const flush = (): void => {
    if (unit) pieces.push(...transportPackets(unit, ticks), ...unit.behind)
    unit = null
  }
  for (const offset of packetOffsets(bytes)) {
    const header = readPacketHeader(bytes, offset)
    const payload = bytes.subarray(header.payloadOffset, offset + packetSize)
    if (header.pid !== pid || !header.hasPayload) {
      const others = unit?.behind ?? pieces
      others.push(bytes.subarray(offset, offset + packetSize))
    } else if (header.unitStart) {
      flush()
      unit = { pid, control: controlField(bytes, offset), payload: [payload], behind: [] }
    } else unit?.payload.push(payload)
  }
  flush()
  return Buffer.concat(pieces)
}

interface PictureUnit {
  readonly pid: number
  /** Adaptation field of its first packet without its length and stuffing: the clock and the mark of a key frame. */
  readonly control: Buffer
  readonly payload: Buffer[]
  /** Packets of others that came after it began. */
  readonly behind: Buffer[]
}

/** Flags of an adaptation field: a program clock of six bytes follows. */
const hasClock = 0x10

function controlField(bytes: Buffer, offset: number): Buffer {
  const hasField = (bytes[offset + 3]! & 0x20) !== 0 && bytes[offset + 4]! > 0
  if (!hasField) return Buffer.alloc(0)
  const flags = bytes[offset + 5]! & (0xe0 | hasClock)
  const clock = (flags & hasClock) === 0 ? Buffer.alloc(0) : bytes.subarray(offset + 6, offset + 12)
  return Buffer.concat([Buffer.from([flags]), clock])
}

function transportPackets(unit: PictureUnit, ticks: number): Buffer[] {
  const pes = withDecodingTime(Buffer.concat(unit.payload), ticks)
  const packets: Buffer[] = []
  for (let position = 0; position < pes.length; ) {
    const control = position === 0 ? unit.control : Buffer.alloc(0)
    const room = packetSize - 4 - (control.length === 0 ? 0 : control.length + 1)
    const piece = pes.subarray(position, position + room)
    packets.push(transportPacket(unit.pid, position === 0, control, piece))
    position += piece.length
  }
  return packets
}

function transportPacket(pid: number, unitStart: boolean, control: Buffer, payload: Buffer): Buffer {
  const packet = Buffer.alloc(packetSize, 0xff)
  const fieldLength = packetSize - 4 - payload.length
  packet[0] = 0x47
  packet.writeUInt16BE((unitStart ? 0x4000 : 0) | pid, 1)
  packet[3] = fieldLength > 0 ? 0x30 : 0x10
  if (fieldLength > 0) packet[4] = fieldLength - 1
  if (fieldLength > 1) packet[5] = 0
  control.copy(packet, 5)
  payload.copy(packet, 4 + fieldLength)
  return packet
}

/** A PES packet's header with both times (ISO/IEC 13818-1, 2.4.3.6); what else its header held stays behind them. */
function withDecodingTime(pes: Buffer, ticks: number): Buffer {
  const hasBoth = pes[7]! >> 6 === 3
  const timesLength = hasBoth ? 10 : 5
  const presentation = readTimestamp(pes, 9)
  const decoding = (hasBoth ? readTimestamp(pes, 14) : presentation) - ticks
  const header = Buffer.alloc(19)
  pes.copy(header, 0, 0, 9)
  header[7] = pes[7]! | 0xc0
  header[8] = pes[8]! - timesLength + 10
  const length = pes.readUInt16BE(4)
  // A length of 0 is one that the muxer left open.
  if (length !== 0) header.writeUInt16BE(length - timesLength + 10, 4)
  writeTimestamp(header, 9, 3, presentation)
  writeTimestamp(header, 14, 1, decoding)
  return Buffer.concat([header, pes.subarray(9 + timesLength)])
}
