import { u8, u16 } from './box.ts'
import type { H264Sequence } from './h264-sequence.ts'

/** What a decoder needs before the first picture of H.264: sequence and picture parameter sets, as NAL units. */
export interface ParameterSets {
  readonly sequence: readonly Buffer[]
  readonly picture: readonly Buffer[]
}

const typeOf = (unit: Buffer): number => unit[0]! & 0x1f
const sequenceType = 7
const pictureType = 8

/** The sets among a picture's NAL units; null unless there are both kinds. */
export function parameterSetsOf(units: readonly Buffer[]): ParameterSets | null {
  const sequence = distinct(units.filter((unit) => typeOf(unit) === sequenceType))
  const picture = distinct(units.filter((unit) => typeOf(unit) === pictureType))
  return sequence.length > 0 && picture.length > 0 ? { sequence, picture } : null
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
