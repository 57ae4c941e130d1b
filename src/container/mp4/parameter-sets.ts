import { u8, u16 } from './box.ts'
import type { H264Sequence } from './h264-sequence.ts'
import type { HevcSequence } from './hevc-sequence.ts'

/** What a decoder needs before the first picture: parameter sets of the sequence and of pictures, as NAL units. */
export interface ParameterSets {
  /** Of the whole video; H.264 has none. */
  readonly video?: readonly Buffer[]
  readonly sequence: readonly Buffer[]
  readonly picture: readonly Buffer[]
}

/** The kinds of NAL units of a codec, as far as containers look at them. */
export interface UnitTypes {
  typeOf(unit: Buffer): number
  readonly delimiter: number
  /** Parameter sets. */
  readonly video?: number
  readonly sequence: number
  readonly picture: number
  /** A decoder can begin with such a slice. */
  isSync(type: number): boolean
}

/** ITU-T H.264, table 7-1. */
export const h264Units: UnitTypes = {
  typeOf: (unit) => unit[0]! & 0x1f,
  ...{ delimiter: 9, sequence: 7, picture: 8 },
  isSync: (type) => type === 5,
}

/** ITU-T H.265, table 7-1: random access points are types 16 to 23. */
export const hevcUnits: UnitTypes = {
  typeOf: (unit) => (unit[0]! >> 1) & 0x3f,
  ...{ delimiter: 35, video: 32, sequence: 33, picture: 34 },
  isSync: (type) => type >= 16 && type <= 23,
}

/** The sets among a picture's NAL units; null unless there are all kinds of the codec. */
export function parameterSetsOf(
  units: readonly Buffer[],
  { typeOf, ...types }: UnitTypes = h264Units,
): ParameterSets | null {
  const ofType = (type: number) => distinct(units.filter((unit) => typeOf(unit) === type))
  const [sequence, picture] = [ofType(types.sequence), ofType(types.picture)]
  const video = types.video === undefined ? null : ofType(types.video)
  if (sequence.length === 0 || picture.length === 0 || video?.length === 0) return null
  return { ...(video && { video }), sequence, picture }
}

function distinct(units: readonly Buffer[]): Buffer[] {
  return units.filter((unit, index) => units.findIndex((other) => other.equals(unit)) === index)
}

/**
 * Says in what the sets of one encoder differ from the session's; null when they are equal byte for byte. One init
 * segment is for all segments of a session, so an encoder with other sets cannot take part.
 */
export function parameterSetsDiffer(session: ParameterSets, other: ParameterSets): string | null {
  return (
    listsDiffer('video parameter set', session.video ?? [], other.video ?? []) ??
    listsDiffer('sequence parameter set', session.sequence, other.sequence) ??
    listsDiffer('picture parameter set', session.picture, other.picture)
  )
}

function listsDiffer(what: string, left: readonly Buffer[], right: readonly Buffer[]): string | null {
  if (left.length !== right.length) return `${right.length} ${what}s where the session has ${left.length}`
  const index = left.findIndex((set, place) => !set.equals(right[place]!))
  if (index === -1) return null
  return `${what} ${right[index]!.toString('hex')} where the session has ${left[index]!.toString('hex')}`
}

/** Profiles whose configuration record tells how samples are stored (ISO/IEC 14496-15, 5.3.3.1.2). */
const plainProfiles = new Set([66, 77, 88])

/** The content of `avcC`: AVCDecoderConfigurationRecord with lengths of four bytes. */
export function decoderConfiguration(sets: ParameterSets, sequence: H264Sequence): Buffer {
  const list = (units: readonly Buffer[]): Buffer[] => units.flatMap((unit) => [u16(unit.length), unit])
  const { profile, constraints, level, chromaFormat, lumaBits, chromaBits } = sequence
  return Buffer.concat([
    u8(1, profile, constraints, level, 0xff),
    ...[u8(0xe0 | sets.sequence.length), ...list(sets.sequence)],
    ...[u8(sets.picture.length), ...list(sets.picture)],
    ...(plainProfiles.has(profile)
      ? []
      : [u8(0xfc | chromaFormat, 0xf8 | (lumaBits - 8), 0xf8 | (chromaBits - 8), 0)]),
  ])
}

/** NAL units that a configuration record lists, in its order. */
const hevcLists = [
  ['video', 32],
  ['sequence', 33],
  ['picture', 34],
] as const

/**
 * The content of `hvcC`: HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1) with lengths of four bytes. What
 * nobody needs to decode (parallelism, mean rate) is left unsaid; more sets may stand in the stream.
 */
export function hevcConfiguration(sets: ParameterSets, sequence: HevcSequence): Buffer {
  const { profileTierLevel, chromaFormat, lumaBits, chromaBits, temporalLayers } = sequence
  const nested = sequence.temporalIdNested ? 1 : 0
  const lengthBytes = 4
  const lists = hevcLists.flatMap(([kind, type]) => {
    const units = sets[kind] ?? []
    return [u8(type), u16(units.length), ...units.flatMap((unit) => [u16(unit.length), unit])]
  })
  return Buffer.concat([
    u8(1),
    profileTierLevel,
    ...[u16(0xf000), u8(0xfc, 0xfc | chromaFormat, 0xf8 | (lumaBits - 8), 0xf8 | (chromaBits - 8))],
    ...[u16(0), u8((temporalLayers << 3) | (nested << 2) | (lengthBytes - 1), hevcLists.length)],
    ...lists,
  ])
}
