import { wordTable } from '../command/word-table.ts'
import type { VideoEncoder } from './plan.ts'
import { NotPlannable } from './refusal.ts'

type Codec = VideoEncoder['codec']
type Value = (name: string) => string | null

/**
 * What a family of encoders on chips means by its options, in the words of x264 and x265. A new vendor is a row here and
 * a name in {@link families}.
 */
interface ChipFamily {
  /** How much care it takes, as presets. */
  readonly care?: { readonly option: string; readonly words: Readonly<Record<string, string>> }
  /** Options of constant quality, the most telling first: all are on the quantizer scale of H.264 and HEVC. */
  readonly quality: readonly string[]
  /** What it adds to `-b` in `-maxrate` to be told apart from a constant rate, bits per second. */
  readonly maxrateExtra?: number
  /** Profiles by numbers of its own. */
  readonly profiles?: Readonly<Partial<Record<Codec, Readonly<Record<string, string>>>>>
  /** By what its levels of HEVC are multiplied: 30 as in the stream itself, unless said. */
  readonly levelScale?: number
}

/** Intel's target usage, 1 to 7 (libavcodec/qsvenc.h; Jellyfin's EncodingHelper uses 7 for veryfast). */
const targetUsage = wordTable({
  ...{
    '1': 'veryslow',
    '2': 'slower',
    '3': 'slow',
    '4': 'medium',
    '5': 'fast',
    '6': 'faster',
    '7': 'veryfast',
  },
})
const presetWords = 'veryfast faster fast medium slow slower veryslow'.split(' ')
const ownWords = Object.fromEntries(presetWords.map((word) => [word, word]))

const nvenc: ChipFamily = {
  // Jellyfin's EncodingHelper the other way round; the words are those of FFmpeg before 4.4.
  care: {
    option: 'preset',
    words: wordTable({
      ...{ p1: 'veryfast', p2: 'faster', p3: 'fast', p4: 'medium', p5: 'slow', p6: 'slower', p7: 'veryslow' },
      ...{ default: 'medium', slow: 'slow', medium: 'medium', fast: 'fast', hq: 'slow', hp: 'fast' },
      ...{ ll: 'medium', llhq: 'slow', llhp: 'fast', bd: 'medium' },
    }),
  },
  quality: ['qp', 'cq'],
  // libavcodec/nvenc.h: profiles counted from 0.
  profiles: {
    h264: wordTable({ '0': 'baseline', '1': 'main', '2': 'high' }),
    hevc: wordTable({ '0': 'main', '1': 'main10' }),
  },
}

const qsv: ChipFamily = {
  care: { option: 'preset', words: wordTable({ ...targetUsage, ...ownWords }) },
  quality: ['global_quality', 'qp'],
  // Jellyfin writes one bit more, so that QSV takes a variable rate (EncodingHelper, bit rates).
  maxrateExtra: 1,
  levelScale: 10,
}

const vaapi: ChipFamily = {
  care: { option: 'compression_level', words: targetUsage },
  quality: ['qp', 'global_quality'],
}

const amf: ChipFamily = {
  // Jellyfin has three steps for the nine presets: the fast ones, medium, the slow ones.
  care: {
    option: 'quality',
    words: wordTable({
      ...{ speed: 'veryfast', balanced: 'medium', quality: 'slow', high_quality: 'slower' },
    }),
  },
  quality: ['qp_p', 'qp_i', 'qvbr_quality_level'],
}

const videotoolbox: ChipFamily = {
  care: { option: 'prio_speed', words: wordTable({ '0': 'slow', '1': 'veryfast' }) },
  quality: [],
}

const families = wordTable<ChipFamily>({
  ...{ nvenc, qsv, vaapi, amf, videotoolbox },
  rkmpp: { quality: ['qp_init'] },
  ...{ v4l2m2m: { quality: [] }, nvmpi: { quality: ['qp'] }, vulkan: { quality: ['qp'] } },
  ...{ omx: { quality: [] }, mf: { quality: [] }, mediacodec: { quality: [] }, d3d12va: { quality: ['qp'] } },
})

/** An encoder on a chip, by FFmpeg's name for it. */
export interface ChipEncoder {
  readonly codec: Codec
  readonly family: ChipFamily
}

/** What `h264_nvenc` and its like are; null for any other name. */
export function chipEncoder(name: string): ChipEncoder | null {
  const match = /^(h264|hevc|av1)_([a-z0-9]+)$/.exec(name)
  const family = families[match?.[2] ?? '']
  return match && family ? { codec: match[1] as Codec, family } : null
}

/** The preset of a library that takes about as much care; null where the chip is told nothing, or it has no such thing. */
export function presetOfChip({ family }: ChipEncoder, value: Value): string | null {
  if (!family.care) return null
  const written = value(family.care.option)
  return written === null ? null : (family.care.words[written] ?? null)
}

/**
 * Constant quality. Chips have scales of their own, near to that of a constant rate factor (both go by H.264's and
 * HEVC's quantizer), so that their number is taken for one. The server's cap on the rate holds anyway.
 */
export function qualityOfChip({ family, codec }: ChipEncoder, value: Value): string | null {
  const strange = qualities.find((option) => value(option) !== null && !family.quality.includes(option))
  if (strange !== undefined) throw new NotPlannable('unknown-option', `-${strange} of another maker`)
  const name = family.quality.find((option) => value(option) !== null)
  if (name === undefined) return null
  const written = value(name)!
  if (!/^\d+(\.\d+)?$/.test(written)) throw new NotPlannable('unknown-option', `-${name} ${written}`)
  // A rate is asked for, and the quality is not.
  if (Number(written) === 0 && value('b') !== null && value('b') !== '0') return null
  if (codec === 'av1') throw new NotPlannable('unknown-option', `-${name} of AV1, whose scales differ`)
  return written
}

/** All of them: what a family does not know it would not do. */
const qualities = ['crf', ...new Set(Object.values(families).flatMap(({ quality }) => quality))]

/** Bounds of the rate as the server means them, bits per second where they are numbers. */
export function maxrateOfChip({ family }: ChipEncoder, value: Value): string | null {
  const [bitrate, maxrate] = [value('b'), value('maxrate')]
  const extra = family.maxrateExtra ?? 0
  if (extra > 0 && bitrate !== null && Number(maxrate) === Number(bitrate) + extra) return bitrate
  const isConstant = [value('rc'), value('rc_mode')].some((mode) => mode?.toLowerCase() === 'cbr')
  return maxrate === null && isConstant ? bitrate : maxrate
}

/** The buffer that goes with the rate: Jellyfin gives those that have an extra bit up to twice as much as it gives others. */
export function bufsizeOfChip({ family }: ChipEncoder, value: Value): string | null {
  const [bitrate, bufsize] = [value('b'), value('bufsize')]
  const isMarked =
    family.maxrateExtra !== undefined && Number(value('maxrate')) === Number(bitrate) + family.maxrateExtra
  const isDouble = bitrate !== null && Number(bufsize) === 4 * Number(bitrate)
  return isMarked && isDouble ? String(2 * Number(bitrate)) : bufsize
}

/** `AVCodecContext.profile` (libavcodec/defs.h), with and without the bit for constrained sets, and other spellings. */
const commonProfiles: Readonly<Record<Codec, Readonly<Record<string, string>>>> = {
  h264: wordTable({
    ...{ baseline: 'baseline', constrained_baseline: 'baseline', 'constrained-baseline': 'baseline' },
    ...{ main: 'main', high: 'high', constrained_high: 'high', 'constrained-high': 'high' },
    ...{ '66': 'baseline', '578': 'baseline', '256': 'baseline', '77': 'main', '100': 'high', '257': 'high' },
  }),
  hevc: wordTable({ main: 'main', main10: 'main10', '1': 'main', '2': 'main10' }),
  av1: wordTable({ main: 'main', '0': 'main' }),
}

/** Words that leave the choice to the chip. */
const anyProfile = new Set(['auto', 'unknown', '-99', '-1'])

/** A profile by the name that libraries have for it; null for any. Throws NotPlannable for one that they lack. */
export function profileOfChip({ family, codec }: ChipEncoder, written: string | null): string | null {
  if (written === null || anyProfile.has(written)) return null
  const name = family.profiles?.[codec]?.[written] ?? commonProfiles[codec][written]
  if (!name) throw new NotPlannable('unknown-option', `-profile ${written} of ${codec}`)
  return name
}

/** By what levels of HEVC are multiplied in the stream (ITU-T H.265, general_level_idc). */
const hevcScale = 30

/** `5.1` for whatever way it is written: `51`, `153` of HEVC. Levels of AV1 have numbers of their own. */
export function levelName(written: string | null, codec: Codec, chip: ChipEncoder | null): string | null {
  if (written === null || written === 'auto' || written === '0') return null
  if (codec === 'av1' || !/^\d+$/.test(written)) return written
  const number = Number(written)
  if (number < 10) return `${written}.0`
  const scale = chip ? (chip.family.levelScale ?? hevcScale) : 10
  const isOfStream = codec === 'hevc' && (number > 62 || scale === hevcScale)
  return (number / (isOfStream ? hevcScale : 10)).toFixed(1)
}
