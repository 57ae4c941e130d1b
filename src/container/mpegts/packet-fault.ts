import { packetOffsets, packetSize, readPacketHeader } from './packet.ts'

/** Bytes of a PES header up to its length, which counts from there (ISO/IEC 13818-1, 2.4.3.6). */
const beforePesLength = 6

/**
 * Why the packets of one PID are not all there as they were sent: a counter that skips (2.4.3.2), a packet that is marked
 * as broken or scrambled, a PES packet that is shorter than it says, bytes before the first. Null when all is well.
 */
export function packetFault(bytes: Buffer, pid: number): string | null {
  let counter: number | null = null
  let missing = 0
  let begun = false
  for (const offset of packetOffsets(bytes)) {
    const header = readPacketHeader(bytes, offset)
    if (header.pid !== pid) continue
    const control = bytes[offset + 3]!
    if ((bytes[offset + 1]! & 0x80) !== 0 || (control & 0xc0) !== 0) return `a broken packet at ${offset}`
    if (!header.hasPayload) continue
    const next = control & 0x0f
    if (counter !== null && next !== ((counter + 1) & 0x0f)) return `packets are missing before ${offset}`
    counter = next
    if (!begun && !header.unitStart) return `it begins in the middle of a picture or frame`
    begun = true
    if (header.unitStart && missing > 0) return `${missing} bytes are missing before ${offset}`
    if (header.unitStart) missing = lengthOfPes(bytes, header.payloadOffset)
    if (missing > 0) missing -= offset + packetSize - header.payloadOffset
  }
  return missing > 0 ? `${missing} bytes are missing at the end` : null
}

/** Bytes of the PES packet that begins here, header included; 0 where it does not say. */
function lengthOfPes(bytes: Buffer, offset: number): number {
  const length = bytes.readUInt16BE(offset + beforePesLength - 2)
  return length === 0 ? 0 : length + beforePesLength
}
