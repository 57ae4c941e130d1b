import type { BitReader } from './bits.ts'

/** Primaries, transfer and matrix as numbers of ISO/IEC 23001-8, and whether luma uses all values. */
export interface PictureColor {
  readonly primaries: number
  readonly transfer: number
  readonly matrix: number
  readonly full: boolean
}

/** A tick of a stream's own clock: `unitsInTick / timeScale` seconds. */
export interface ClockTick {
  readonly unitsInTick: number
  readonly timeScale: number
}

/** num_units_in_tick and time_scale. */
export function readClockTick(reader: BitReader): ClockTick {
  return { unitsInTick: reader.bits(32), timeScale: reader.bits(32) }
}

/** Shapes of samples by aspect_ratio_idc: table E-1 of ITU-T H.264, which is that of H.265. */
const aspectRatios: readonly (readonly [number, number])[] = [
  ...([
    [1, 1],
    [1, 1],
    [12, 11],
    [10, 11],
    [16, 11],
    [40, 33],
    [24, 11],
    [20, 11],
    [32, 11],
  ] as const),
  ...([
    [80, 33],
    [18, 11],
    [15, 11],
    [64, 33],
    [160, 99],
    [4, 3],
    [3, 2],
    [2, 1],
  ] as const),
]
const extendedRatio = 255

/** The shape of a sample (aspect_ratio_idc and what may follow). */
export function readRatio(reader: BitReader): { width: number; height: number } {
  const index = reader.bits(8)
  const [width, height] =
    index === extendedRatio ? [reader.bits(16), reader.bits(16)] : (aspectRatios[index] ?? [1, 1])
  return width > 0 && height > 0 ? { width, height } : { width: 1, height: 1 }
}

/** From video_format on: the colours, null where only the range is said. */
export function readColor(reader: BitReader): PictureColor | null {
  reader.bits(3)
  const full = reader.flag()
  if (!reader.flag()) return null
  return { primaries: reader.bits(8), transfer: reader.bits(8), matrix: reader.bits(8), full }
}
