import { type BitReader, createBitReader, withoutEmulationPrevention } from './bits.ts'
import type { H264Sequence } from './h264-sequence.ts'
import { readClockTick, readColor, readRatio } from './video-usability.ts'

/** What a sequence parameter set says of the pictures (ITU-T H.265, 7.3.2.2 and annex E). */
export interface HevcSequence
  extends Pick<H264Sequence, 'width' | 'height' | 'sampleAspectRatio' | 'color' | 'reorderFrames' | 'tick'> {
  /** The first twelve bytes of profile_tier_level: profile, compatibility, constraints, level. */
  readonly profileTierLevel: Buffer
  readonly chromaFormat: number
  readonly lumaBits: number
  readonly chromaBits: number
  readonly temporalLayers: number
  readonly temporalIdNested: boolean
}

/** Reads a sequence parameter set, a NAL unit with its header of two bytes. */
export function readHevcSequence(unit: Buffer): HevcSequence {
  const payload = withoutEmulationPrevention(unit.subarray(2))
  const reader = createBitReader(payload)
  reader.bits(4)
  const layersAbove = reader.bits(3)
  const temporalIdNested = reader.flag()
  const profileTierLevel = Buffer.from(payload.subarray(1, 13))
  skipProfile(reader, layersAbove)
  reader.unsigned()
  const chromaFormat = reader.unsigned()
  if (chromaFormat === 3) reader.flag()
  const size = readSize(reader, chromaFormat)
  const lumaBits = reader.unsigned() + 8
  const chromaBits = reader.unsigned() + 8
  const orderBits = reader.unsigned() + 4
  const reorderFrames = readReordering(reader, layersAbove)
  skipCoding(reader)
  skipReferences(reader, orderBits)
  reader.bits(2)
  return {
    ...{ profileTierLevel, chromaFormat, lumaBits, chromaBits, ...size, reorderFrames },
    ...{ temporalLayers: layersAbove + 1, temporalIdNested, ...readUsability(reader) },
  }
}

/** profile_tier_level (7.3.3): twelve bytes, then what layers above the first say for themselves. */
function skipProfile(reader: BitReader, layersAbove: number): void {
  for (let byte = 0; byte < 12; byte += 1) reader.bits(8)
  const said = Array.from({ length: layersAbove }, () => ({ profile: reader.flag(), level: reader.flag() }))
  if (layersAbove > 0) for (let layer = layersAbove; layer < 8; layer += 1) reader.bits(2)
  for (const { profile, level } of said) {
    for (let byte = (profile ? 11 : 0) + (level ? 1 : 0); byte > 0; byte -= 1) reader.bits(8)
  }
}

function readSize(reader: BitReader, chromaFormat: number): { width: number; height: number } {
  const width = reader.unsigned()
  const height = reader.unsigned()
  const crop = reader.flag() ? Array.from({ length: 4 }, () => reader.unsigned()) : [0, 0, 0, 0]
  const [left, right, top, bottom] = crop as [number, number, number, number]
  const stepAcross = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1
  const stepDown = chromaFormat === 1 ? 2 : 1
  return { width: width - (left + right) * stepAcross, height: height - (top + bottom) * stepDown }
}

/** How many pictures wait for others, with all layers: the last of what the layers say. */
function readReordering(reader: BitReader, layersAbove: number): number {
  const each = reader.flag()
  let reorder = 0
  for (let layer = each ? 0 : layersAbove; layer <= layersAbove; layer += 1) {
    reader.unsigned()
    reorder = reader.unsigned()
    reader.unsigned()
  }
  return reorder
}

/** Sizes of blocks, scaling lists, tools. */
function skipCoding(reader: BitReader): void {
  for (let field = 0; field < 6; field += 1) reader.unsigned()
  if (reader.flag() && reader.flag()) skipScalingLists(reader)
  reader.bits(2)
  if (!reader.flag()) return
  reader.bits(8)
  reader.unsigned()
  reader.unsigned()
  reader.flag()
}

/** scaling_list_data (7.3.4). */
function skipScalingLists(reader: BitReader): void {
  for (let size = 0; size < 4; size += 1) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!reader.flag()) {
        reader.unsigned()
        continue
      }
      if (size > 1) reader.signed()
      for (let left = Math.min(64, 1 << (4 + size * 2)); left > 0; left -= 1) reader.signed()
    }
  }
}

function skipReferences(reader: BitReader, orderBits: number): void {
  const counts: number[] = []
  for (let left = reader.unsigned(); left > 0; left -= 1) counts.push(skipReferenceSet(reader, counts))
  if (!reader.flag()) return
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    reader.bits(orderBits)
    reader.flag()
  }
}

/** st_ref_pic_set (7.3.7); answers how many pictures it holds, which the next one may count from. */
function skipReferenceSet(reader: BitReader, counts: readonly number[]): number {
  const before = counts.at(-1)
  if (before !== undefined && reader.flag()) {
    reader.flag()
    reader.unsigned()
    let count = 0
    for (let picture = 0; picture <= before; picture += 1) {
      const isUsed = reader.flag()
      if (isUsed || reader.flag()) count += 1
    }
    return count
  }
  const count = reader.unsigned() + reader.unsigned()
  for (let picture = 0; picture < count; picture += 1) {
    reader.unsigned()
    reader.flag()
  }
  return count
}

function readUsability(reader: BitReader): Pick<HevcSequence, 'sampleAspectRatio' | 'color' | 'tick'> {
  const square = { width: 1, height: 1 }
  if (!reader.flag()) return { sampleAspectRatio: square, color: null, tick: null }
  const sampleAspectRatio = reader.flag() ? readRatio(reader) : square
  if (reader.flag()) reader.flag()
  const color = reader.flag() ? readColor(reader) : null
  if (reader.flag()) {
    reader.unsigned()
    reader.unsigned()
  }
  reader.bits(3)
  if (reader.flag()) for (let side = 0; side < 4; side += 1) reader.unsigned()
  return { sampleAspectRatio, color, tick: reader.flag() ? readClockTick(reader) : null }
}
