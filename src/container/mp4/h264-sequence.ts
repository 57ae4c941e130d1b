import { type BitReader, createBitReader, withoutEmulationPrevention } from './bits.ts'
import { type ClockTick, type PictureColor, readClockTick, readColor, readRatio } from './video-usability.ts'

/** What a sequence parameter set says of the pictures (ITU-T H.264, 7.3.2.1.1 and annex E). */
export interface H264Sequence {
  readonly profile: number
  readonly constraints: number
  readonly level: number
  readonly chromaFormat: number
  readonly lumaBits: number
  readonly chromaBits: number
  /** Samples that are shown: cropping is taken off. */
  readonly width: number
  readonly height: number
  readonly sampleAspectRatio: { readonly width: number; readonly height: number }
  /** Null where unsaid. */
  readonly color: PictureColor | null
  /** How many pictures may be decoded before one and shown after it; null where unsaid. */
  readonly reorderFrames: number | null
  /** How long a field lasts, or a picture of HEVC; null where unsaid. */
  readonly tick: ClockTick | null
}

/** Profiles whose sets name a chroma format (7.3.2.1.1). */
const profilesWithChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** Reads a sequence parameter set, a NAL unit with its header byte. */
export function readH264Sequence(unit: Buffer): H264Sequence {
  const reader = createBitReader(withoutEmulationPrevention(unit.subarray(1)))
  const profile = reader.bits(8)
  const constraints = reader.bits(8)
  const level = reader.bits(8)
  reader.unsigned()
  const samples = profilesWithChroma.has(profile) ? readSamples(reader) : usualSamples
  skipPictureOrder(reader)
  reader.unsigned()
  reader.flag()
  const size = readSize(reader, samples.chromaFormat)
  return { profile, constraints, level, ...samples, ...size, ...readUsability(reader) }
}

interface Samples {
  readonly chromaFormat: number
  readonly lumaBits: number
  readonly chromaBits: number
}

const usualSamples: Samples = { chromaFormat: 1, lumaBits: 8, chromaBits: 8 }

function readSamples(reader: BitReader): Samples {
  const chromaFormat = reader.unsigned()
  if (chromaFormat === 3) reader.flag()
  const lumaBits = reader.unsigned() + 8
  const chromaBits = reader.unsigned() + 8
  reader.flag()
  if (reader.flag()) {
    for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list += 1) {
      if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64)
    }
  }
  return { chromaFormat, lumaBits, chromaBits }
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let index = 0; index < size; index += 1) {
    if (next !== 0) next = (last + reader.signed() + 256) % 256
    if (next !== 0) last = next
  }
}

function skipPictureOrder(reader: BitReader): void {
  reader.unsigned()
  const type = reader.unsigned()
  if (type === 0) reader.unsigned()
  if (type !== 1) return
  reader.flag()
  reader.signed()
  reader.signed()
  for (let left = reader.unsigned(); left > 0; left -= 1) reader.signed()
}

function readSize(reader: BitReader, chromaFormat: number): { width: number; height: number } {
  const macroblocksAcross = reader.unsigned() + 1
  const unitsDown = reader.unsigned() + 1
  const framesOnly = reader.flag()
  if (!framesOnly) reader.flag()
  reader.flag()
  const crop = reader.flag() ? Array.from({ length: 4 }, () => reader.unsigned()) : ([0, 0, 0, 0] as const)
  const [left, right, top, bottom] = crop as [number, number, number, number]
  const stepAcross = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1
  const stepDown = (chromaFormat === 1 ? 2 : 1) * (framesOnly ? 1 : 2)
  return {
    width: macroblocksAcross * 16 - (left + right) * stepAcross,
    height: unitsDown * (framesOnly ? 16 : 32) - (top + bottom) * stepDown,
  }
}

type Usability = Pick<H264Sequence, 'sampleAspectRatio' | 'color' | 'reorderFrames' | 'tick'>

function readUsability(reader: BitReader): Usability {
  const square = { width: 1, height: 1 }
  if (!reader.flag()) return { sampleAspectRatio: square, color: null, reorderFrames: null, tick: null }
  const sampleAspectRatio = reader.flag() ? readRatio(reader) : square
  if (reader.flag()) reader.flag()
  const color = reader.flag() ? readColor(reader) : null
  if (reader.flag()) {
    reader.unsigned()
    reader.unsigned()
  }
  const tick = reader.flag() ? readClockTick(reader) : null
  if (tick) reader.flag()
  return { sampleAspectRatio, color, tick, reorderFrames: readReordering(reader) }
}

function readReordering(reader: BitReader): number | null {
  const hasNal = reader.flag()
  if (hasNal) skipBuffering(reader)
  const hasVcl = reader.flag()
  if (hasVcl) skipBuffering(reader)
  if (hasNal || hasVcl) reader.flag()
  reader.flag()
  if (!reader.flag()) return null
  reader.flag()
  for (let field = 0; field < 4; field += 1) reader.unsigned()
  return reader.unsigned()
}

/** hrd_parameters (E.1.2). */
function skipBuffering(reader: BitReader): void {
  const count = reader.unsigned() + 1
  reader.bits(8)
  for (let index = 0; index < count; index += 1) {
    reader.unsigned()
    reader.unsigned()
    reader.flag()
  }
  reader.bits(20)
}
