import { sampleWish, writeSequence } from '../../mp4/testing/sample-sequence.ts'
import { packetSize } from '../packet.ts'
import { packSound } from '../pes.ts'
import { programAssociationPacket, programMapPacket, videoPid } from '../tables.ts'
import { writeTimestamp } from '../timestamp.ts'
import type { AccessUnit } from '../units.ts'

/** Stream types of H.264 and of AAC in ADTS (ISO/IEC 13818-1, table 2-34). */
export const h264StreamType = 0x1b
export const aacStreamType = 0x0f

const payloadSize = packetSize - 4

/** A segment with pictures as an encoder on a node makes it: tables, then one PES packet for each picture. */
export function sampleVideoSegment(pictures: readonly AccessUnit[], streamType = h264StreamType): Buffer {
  const nextCounter = counterFromZero()
  return Buffer.concat([
    ...tables(streamType),
    ...pictures.flatMap((picture) => pesPackets(pictureHeader(picture), picture.data, nextCounter)),
  ])
}

/** A segment with sound as an encoder on a node makes it: one PES packet for each frame, on the first PID. */
export function sampleSoundSegment(frames: readonly AccessUnit[], streamType = aacStreamType): Buffer {
  const nextCounter = counterFromZero()
  const place = { pid: videoPid, streamId: 0xc0 }
  return Buffer.concat([
    ...tables(streamType),
    ...frames.map((frame) => packSound([frame], place, nextCounter)),
  ])
}

/** Pictures in decoding order at a constant rate, each shown as long after its decoding as the reordering takes. */
export function samplePictures(options: {
  readonly count: number
  /** Time of the first one, ticks. */
  readonly firstPts: number
  readonly frameTicks: number
  readonly reorderTicks?: number
  readonly bytes?: number
}): AccessUnit[] {
  const { count, firstPts, frameTicks, reorderTicks = 0, bytes = 100 } = options
  return Array.from({ length: count }, (_, index) => {
    const pts = firstPts + index * frameTicks
    return { pts, dts: pts - reorderTicks, data: sampleData(index, bytes) }
  })
}

const startCode = Buffer.from([0, 0, 0, 1])
/** Heads of slices: of a key frame, and of a picture that is made out of others. */
const [keyHead, otherHead] = [Buffer.from([0x65, 0x88]), Buffer.from([0x41, 0x9a])]
const pictureSet = Buffer.from([0x68, 0xef])

/**
 * H.264 as far as the head looks at it: each picture is one slice, and the first has parameter sets of 1280x720 and is a
 * key frame. Never fewer bytes than asked for; the last ones tell the pictures apart.
 */
function sampleData(index: number, bytes: number): Buffer {
  const sets = index === 0 ? [writeSequence(sampleWish), pictureSet] : []
  const units = [...sets, index === 0 ? keyHead : otherHead].flatMap((unit) => [startCode, unit])
  const length = units.reduce((sum, unit) => sum + unit.length, 0)
  return Buffer.concat([...units, Buffer.alloc(Math.max(1, bytes - length), 1 + (index % 251))])
}

function tables(streamType: number): Buffer[] {
  const streams = [{ pid: videoPid, streamType, descriptors: Buffer.alloc(0) }]
  return [programAssociationPacket(), programMapPacket(streams)]
}

function pictureHeader({ pts, dts }: AccessUnit): Buffer {
  const header = Buffer.alloc(19)
  header.writeUIntBE(1, 0, 3)
  header[3] = 0xe0
  header[6] = 0x80
  header[7] = 0xc0
  header[8] = 10
  writeTimestamp(header, 9, 3, pts)
  writeTimestamp(header, 14, 1, dts)
  return header
}

function pesPackets(header: Buffer, data: Buffer, nextCounter: () => number): Buffer[] {
  const pes = Buffer.concat([header, data])
  const count = Math.ceil(pes.length / payloadSize)
  return Array.from({ length: count }, (_, index) => {
    const payload = pes.subarray(index * payloadSize, (index + 1) * payloadSize)
    const stuffing = payloadSize - payload.length
    const packet = Buffer.alloc(packetSize, 0xff)
    packet[0] = 0x47
    packet.writeUInt16BE((index === 0 ? 0x4000 : 0) | videoPid, 1)
    packet[3] = (stuffing > 0 ? 0x30 : 0x10) | nextCounter()
    if (stuffing > 0) packet[4] = stuffing - 1
    if (stuffing > 1) packet[5] = 0
    payload.copy(packet, 4 + stuffing)
    return packet
  })
}

function counterFromZero(): () => number {
  let counter = -1
  return () => {
    counter = (counter + 1) & 0x0f
    return counter
  }
}
