import { wordTable } from '../command/word-table.ts'
import type { VideoEncoder } from '../plan/plan.ts'
import type { VideoCodec } from './chip.ts'

/**
 * A level as a number, as encoders count it: tenths in H.264 (4.1 is 41), and thirtieths in HEVC (4.1 is 123, Rec. ITU-T
 * H.265 A.4.1), where `tenths` does not say otherwise. Null where none is wanted or it is none.
 */
export function levelNumber({ codec, level }: VideoEncoder, tenths = false): string | null {
  const match = /^(\d)(?:\.?(\d))?$/.exec(level ?? '')
  if (!match) return null
  const whole = Number(match[1]) * 10 + Number(match[2] ?? 0)
  return String(codec === 'hevc' && !tenths ? whole * 3 : whole)
}

/** How far a preset of x264 or x265 is from the fastest, from 0 to 8; `veryfast`, 2, unless said. */
export function presetStep({ preset }: VideoEncoder): number {
  return presetSteps[preset ?? ''] ?? 2
}

const presetSteps = wordTable<number>({
  ...{ ultrafast: 0, superfast: 1, veryfast: 2, faster: 3, fast: 4 },
  ...{ medium: 5, slow: 6, slower: 7, veryslow: 8, placebo: 8 },
})

/** A profile in an encoder's words; a word of its own for why it cannot be had. */
export function profileWord(
  { codec, profile }: VideoEncoder,
  words: Readonly<Partial<Record<VideoCodec, Readonly<Record<string, string>>>>>,
): { word: string | null } | { out: string } {
  if (profile === undefined) return { word: null }
  const own = words[codec] ?? {}
  const word = Object.hasOwn(own, profile) ? own[profile] : undefined
  return word === undefined ? { out: `no profile ${profile} of ${codec}` } : { word }
}

/** Options with their values, those without one left out. */
export function optionList(
  values: readonly (readonly [name: string, value: string | number | null])[],
): string[] {
  return values.flatMap(([name, value]) => (value === null ? [] : [name, String(value)]))
}

/** A quantizer as encoders take it: whole, in the range of both codecs. */
export function quantizer(factor: number): number {
  return Math.min(51, Math.max(1, Math.round(factor)))
}

/** Bits per second without a unit. */
export const bits = (rate: number): string => String(Math.round(rate))
