import { type BitReader, createBitReader, withoutEmulationPrevention } from './bits.ts'
import { splitByteStream } from './nal-units.ts'
import { h264StreamType } from './picture-codec.ts'

/** Enough of a slice for what is read of its header, and for the emulation prevention in it. */
const headerBytes = 20

/** Kinds of NAL units of a codec, as encoders write them, and what the head of a slice says. */
interface Codec {
  readonly headerSize: number
  readonly mostPictureSets: number
  /** The unit's type; null for a header that no encoder writes. */
  typeOf(unit: Buffer): number | null
  isSlice(type: number): boolean
  /** Whether a decoder can begin with a picture that has this slice. */
  isKey(type: number, head: SliceHead): boolean
  readHead(reader: BitReader, type: number): SliceHead
}

interface SliceHead {
  readonly isFirst: boolean
  /** Null where it is not read. */
  readonly sliceType: number | null
  readonly pictureSet: number
}

/** ITU-T H.264, table 7-1 and 7.3.3; data partitioning and extensions are nothing that an encoder here writes. */
const h264: Codec = {
  ...{ headerSize: 1, mostPictureSets: 255 },
  typeOf(unit) {
    const type = unit[0]! & 0x1f
    const isUsual = type === 1 || (type >= 5 && type <= 13)
    return isUsual && (unit[0]! & 0x80) === 0 ? type : null
  },
  isSlice: (type) => type === 1 || type === 5,
  isKey: (type, { sliceType }) => type === 5 || sliceType === 2 || sliceType === 7,
  readHead: (reader) => ({
    isFirst: reader.unsigned() === 0,
    sliceType: reader.unsigned(),
    pictureSet: reader.unsigned(),
  }),
}

/** ITU-T H.265, table 7-1 and 7.3.6.1. */
const hevc: Codec = {
  ...{ headerSize: 2, mostPictureSets: 63 },
  typeOf(unit) {
    const type = (unit[0]! >> 1) & 0x3f
    const isUsual = type <= 9 || (type >= 16 && type <= 21) || (type >= 32 && type <= 40)
    const layer = ((unit[0]! & 1) << 5) | (unit[1]! >> 3)
    const isPlain = (unit[0]! & 0x80) === 0 && layer === 0 && (unit[1]! & 7) !== 0
    return isUsual && isPlain ? type : null
  },
  isSlice: (type) => type < 32,
  isKey: (type) => type >= 16 && type <= 21,
  readHead(reader, type) {
    const isFirst = reader.flag()
    if (type >= 16) reader.flag()
    return { isFirst, sliceType: null, pictureSet: reader.unsigned() }
  },
}

/** Of H.264: P, B, I, SP, SI, each once alone and once with all slices of the picture alike (table 7-6). */
const mostSliceTypes = 9

/**
 * Why the bytes of a picture cannot be what an encoder of H.264 or HEVC made, as far as NAL units and the heads of slices
 * tell: nothing is decoded. `asKey`: a decoder has to be able to begin with it. Null when nothing is wrong.
 */
export function pictureFault(data: Buffer, streamType: number, asKey: boolean): string | null {
  const codec = streamType === h264StreamType ? h264 : hevc
  let heads = 0
  let isKey = false
  for (const unit of splitByteStream(data)) {
    const type = unit.length < codec.headerSize ? null : codec.typeOf(unit)
    if (type === null) return 'it has NAL units that no encoder writes'
    if (!codec.isSlice(type)) continue
    if (unit.length <= codec.headerSize) return 'it has an empty slice'
    const start = withoutEmulationPrevention(unit.subarray(codec.headerSize, codec.headerSize + headerBytes))
    const head = codec.readHead(createBitReader(start), type)
    if (heads === 0 && !head.isFirst) return 'its first slice is not the first of a picture'
    if ((head.sliceType ?? 0) > mostSliceTypes || head.pictureSet > codec.mostPictureSets) {
      return 'it has a slice with a broken head'
    }
    heads += 1
    isKey ||= codec.isKey(type, head)
  }
  if (heads === 0) return 'it has nothing of a picture in it'
  return asKey && !isKey ? 'it is no key frame' : null
}
