import { packetOffsets, readPacketHeader } from './packet.ts'
import { readProgramMap } from './tables.ts'
import { ticksBetween } from './timestamp.ts'
import { readPesTimes } from './units.ts'

/** What the head checks a segment by, and announces it with. Times are ticks of 1/90000 s. */
export interface SegmentFacts {
  /** Access units: pictures, or frames of sound. */
  readonly units: number
  /** Smallest and largest presentation time; null for a segment without any unit. */
  readonly firstPts: number | null
  readonly lastPts: number | null
  /** Decoding time of the first unit, and when that one is shown: others may be decoded after it and shown before. */
  readonly firstDts: number | null
  readonly openingPts: number | null
}

/**
 * Counts what is in a segment of one elementary stream.
 * Throws MalformedTransportStream when the bytes are not whole packets or carry no program map.
 */
export function inspectSegment(bytes: Buffer): SegmentFacts {
  const [stream] = readProgramMap(bytes)
  let units = 0
  let firstPts: number | null = null
  let lastPts: number | null = null
  let firstDts: number | null = null
  let openingPts: number | null = null
  for (const offset of packetOffsets(bytes)) {
    const header = readPacketHeader(bytes, offset)
    if (header.pid !== stream?.pid || !header.unitStart || !header.hasPayload) continue
    const { pts, dts } = readPesTimes(bytes, header.payloadOffset)
    units++
    firstDts ??= dts
    openingPts ??= pts
    if (firstPts === null || ticksBetween(firstPts, pts) < 0) firstPts = pts
    if (lastPts === null || ticksBetween(lastPts, pts) > 0) lastPts = pts
  }
  return { units, firstPts, lastPts, firstDts, openingPts }
}
