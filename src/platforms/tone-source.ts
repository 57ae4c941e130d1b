import type { PictureOperation } from '../plan/plan.ts'
import type { FfmpegFacts } from './capabilities.ts'

/** What every tone map has to know, whoever makes it: the same film has to look the same on every node. */

export type ToneMap = Extract<PictureOperation, { kind: 'tone-map' }>

/** What a film is taken for that does not say how bright it gets: most are graded for that. */
const usualPeakNits = 1000

/** Our filters take nothing else as a peak, and so do the formulas of PQ. */
const peakRangeNits = { least: 10, most: 10_000 }

/** What becomes white: BT.2408's, and that of all tone maps here that can be told one. */
export const targetNits = 203

/** Says what the source is, whatever its tags are. */
export function sourceColours({ transfer }: ToneMap): string {
  const from = transfer === 'hlg' ? 'arib-std-b67' : 'smpte2084'
  return `setparams=color_primaries=bt2020:color_trc=${from}:colorspace=bt2020nc`
}

/** The brightest that the film gets, in nits; that of a nominal HLG display is 1000 (BT.2100). */
export function peakOf({ peakNits = usualPeakNits }: ToneMap): number {
  return Math.min(peakRangeNits.most, Math.max(peakRangeNits.least, Math.round(peakNits)))
}

/** A number in as few digits as matter. */
export const shortNumber = (value: number): string => String(Number(value.toFixed(3)))

/**
 * The peak as jellyfin-ffmpeg's filters for CUDA, OpenCL and Metal count it: a tenth of what they are told is in multiples
 * of 203 nits up to 7.0 (vf_tonemap_cuda.c, `FFMAX(s->peak / 10.0f, 1.1f)`), and of 100 nits from 8 on (`s->peak / 10.0f *
 * REF_WHITE_SCALE`).
 */
export function jellyfinPeak(operation: ToneMap, { version }: FfmpegFacts): string {
  const isLater = Number.parseInt(version.replace(/^n/, ''), 10) >= 8
  return shortNumber(peakOf(operation) / (isLater ? 10 : targetNits / 10))
}

/** Whether a tone map that goes by what the pictures say of themselves finds something there; HLG needs nothing. */
export function saysItsPeak({ transfer, gradedNits }: ToneMap): boolean {
  return transfer === 'hlg' || gradedNits !== undefined
}
