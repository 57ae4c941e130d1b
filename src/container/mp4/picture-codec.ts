import { readH264Sequence } from './h264-sequence.ts'
import { type HevcSequence, readHevcSequence } from './hevc-sequence.ts'
import {
  decoderConfiguration,
  h264Units,
  hevcConfiguration,
  hevcUnits,
  type ParameterSets,
  type UnitTypes,
} from './parameter-sets.ts'
import type { ClockTick, PictureColor } from './video-usability.ts'

/** What parameter sets say of the pictures, in a form that containers want. */
export interface PictureDescription {
  readonly width: number
  readonly height: number
  readonly sampleAspectRatio: { readonly width: number; readonly height: number }
  readonly color: PictureColor | null
  /** How many pictures may be decoded before one and shown after it; null where unsaid. */
  readonly reorderFrames: number | null
  /** A tick of the stream's own clock, and how many of them a picture lasts; null where unsaid. */
  readonly tick: ClockTick | null
  readonly ticksPerPicture: 1 | 2
  /** As RFC 6381 writes it. */
  readonly codecs: string
  /** The decoder's configuration record: alone, and as MP4's sample entry of this type has it in a box. */
  readonly configuration: Buffer
  readonly entryType: 'avc1' | 'hev1'
  readonly configurationType: 'avcC' | 'hvcC'
  /** As RFC 9559 registers it. */
  readonly matroskaId: string
}

/** A codec of pictures, as far as containers know it. */
export interface PictureCodec {
  readonly units: UnitTypes
  describe(sets: ParameterSets): PictureDescription
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

const h264: PictureCodec = {
  units: h264Units,
  describe(sets) {
    const sequence = readH264Sequence(sets.sequence[0]!)
    const { profile, constraints, level } = sequence
    return {
      ...sequence,
      codecs: `avc1.${[profile, constraints, level].map(hex).join('')}`,
      configuration: decoderConfiguration(sets, sequence),
      ticksPerPicture: 2,
      ...{ entryType: 'avc1', configurationType: 'avcC', matroskaId: 'V_MPEG4/ISO/AVC' },
    }
  },
}

/** Parameter sets may stand in the stream as well: that is what `hev1` means, and what FFmpeg writes. */
const hevc: PictureCodec = {
  units: hevcUnits,
  describe(sets) {
    const sequence = readHevcSequence(sets.sequence[0]!)
    return {
      ...sequence,
      codecs: hevcCodecs(sequence),
      configuration: hevcConfiguration(sets, sequence),
      ticksPerPicture: 1,
      ...{ entryType: 'hev1', configurationType: 'hvcC', matroskaId: 'V_MPEGH/ISO/HEVC' },
    }
  },
}

/** ISO/IEC 14496-15, annex E.3: profile, compatibility bits from the last to the first, tier and level, constraints. */
function hevcCodecs({ profileTierLevel }: HevcSequence): string {
  const [first = 0] = profileTierLevel
  const space = ['', 'A', 'B', 'C'][first >> 6]
  const bits = profileTierLevel.readUInt32BE(1).toString(2).padStart(32, '0')
  const compatibility = Number.parseInt([...bits].reverse().join(''), 2)
    .toString(16)
    .toUpperCase()
  const tier = (first & 0x20) === 0 ? 'L' : 'H'
  const constraints = [...profileTierLevel.subarray(5, 11)]
  while (constraints.at(-1) === 0) constraints.pop()
  const words = constraints.map((byte) => byte.toString(16).toUpperCase())
  return [`hev1.${space}${first & 0x1f}`, compatibility, `${tier}${profileTierLevel[11]}`, ...words].join('.')
}

/** Stream types of ISO/IEC 13818-1, table 2-34. */
export const h264StreamType = 0x1b
const hevcStreamType = 0x24

/** The codec of an elementary stream of a transport stream; what is not HEVC is taken for H.264. */
export function pictureCodec(streamType: number): PictureCodec {
  return streamType === hevcStreamType ? hevc : h264
}
