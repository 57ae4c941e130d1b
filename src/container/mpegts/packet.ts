/** Bytes of one transport packet (ISO/IEC 13818-1, 2.4.3). */
export const packetSize = 188

const syncByte = 0x47

/** What a transport packet's header says. Offsets are into the buffer that was read. */
export interface PacketHeader {
  readonly pid: number
  /** A PES packet or a table section begins in this packet. */
  readonly unitStart: boolean
  readonly hasPayload: boolean
  readonly payloadOffset: number
}

/** Thrown for bytes that are no transport stream: a segment like that was cut off or is not what it says. */
export class MalformedTransportStream extends Error {
  constructor(reason: string) {
    super(`Not a whole MPEG transport stream: ${reason}`)
    this.name = 'MalformedTransportStream'
  }
}

/** Reads the header of the packet at `offset`. */
export function readPacketHeader(bytes: Buffer, offset: number): PacketHeader {
  if (bytes[offset] !== syncByte) throw new MalformedTransportStream(`no sync byte at ${offset}`)
  const flags = bytes[offset + 1]!
  const control = bytes[offset + 3]!
  const hasAdaptation = (control & 0x20) !== 0
  const payloadOffset = offset + 4 + (hasAdaptation ? 1 + bytes[offset + 4]! : 0)
  return {
    pid: ((flags & 0x1f) << 8) | bytes[offset + 2]!,
    unitStart: (flags & 0x40) !== 0,
    hasPayload: (control & 0x10) !== 0 && payloadOffset < offset + packetSize,
    payloadOffset,
  }
}

/** Offsets of all packets; throws when the length is not a whole number of packets. */
export function* packetOffsets(bytes: Buffer): Generator<number> {
  if (bytes.length % packetSize !== 0) {
    throw new MalformedTransportStream(`${bytes.length} bytes are not whole packets of ${packetSize}`)
  }
  for (let offset = 0; offset < bytes.length; offset += packetSize) yield offset
}
