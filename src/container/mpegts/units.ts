import { MalformedTransportStream, packetOffsets, packetSize, readPacketHeader } from './packet.ts'
import { readTimestamp } from './timestamp.ts'

/** One PES packet: a picture, or a frame of sound where the muxer was told to put one in each (pes_payload_size 0). */
export interface AccessUnit {
  /** Presentation and decoding time in ticks of 1/90000 s, 33 bits. */
  readonly pts: number
  readonly dts: number
  /** Elementary stream bytes, without the PES header. */
  readonly data: Buffer
}

/** Bytes of a PES header up to the end of a PTS, and of the DTS that may follow it (ISO/IEC 13818-1, 2.4.3.6). */
const headerWithPts = 14
const headerWithDts = 19

/** Times of a PES header that begins at `offset`. Throws MalformedTransportStream where there is none. */
export function readPesTimes(
  bytes: Buffer,
  offset: number,
): { pts: number; dts: number; dataOffset: number } {
  const left = bytes.length - offset
  if (left < headerWithPts) throw new MalformedTransportStream(`a PES header is cut off at ${offset}`)
  if (bytes.readUIntBE(offset, 3) !== 1) throw new MalformedTransportStream(`no PES start code at ${offset}`)
  const flags = bytes[offset + 7]! >> 6
  if (flags === 3 && left < headerWithDts) {
    throw new MalformedTransportStream(`a PES header is cut off at ${offset}`)
  }
  if ((flags & 2) === 0) throw new MalformedTransportStream(`a PES packet without a timestamp at ${offset}`)
  const pts = readTimestamp(bytes, offset + 9)
  const dts = flags === 3 ? readTimestamp(bytes, offset + 14) : pts
  return { pts, dts, dataOffset: offset + 9 + bytes[offset + 8]! }
}

/** All access units of one PID, in stream order. */
export function readAccessUnits(bytes: Buffer, pid: number): AccessUnit[] {
  const units: AccessUnit[] = []
  let times: { pts: number; dts: number } | null = null
  let pieces: Buffer[] = []
  const flush = (): void => {
    if (times) units.push({ ...times, data: Buffer.concat(pieces) })
    pieces = []
  }
  for (const offset of packetOffsets(bytes)) {
    const header = readPacketHeader(bytes, offset)
    if (header.pid !== pid || !header.hasPayload) continue
    const end = offset + packetSize
    if (!header.unitStart) {
      pieces.push(bytes.subarray(header.payloadOffset, end))
      continue
    }
    flush()
    const { dataOffset, ...next } = readPesTimes(bytes, header.payloadOffset)
    times = next
    pieces.push(bytes.subarray(dataOffset, end))
  }
  flush()
  return units
}
