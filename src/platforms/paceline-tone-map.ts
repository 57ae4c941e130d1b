import type { PictureOperation } from '../plan/plan.ts'
import type { Platform } from './platform.ts'
import type { ProcessorFilters } from './processor-filters.ts'
import { oneWay, onProcessor, software } from './software.ts'
import { softwareFilter, softwareGap } from './software-filters.ts'

export type ToneMap = Extract<PictureOperation, { kind: 'tone-map' }>

/**
 * FFmpeg with Paceline's filter `tonemap_paceline` (docs/tone-mapping.md): the same as {@link software} but for HDR, which
 * becomes SDR in a fraction of the time, by BT.2390 too.
 */
export const pacelineToneMap: Platform = {
  name: 'paceline-tone-map',
  suits: (plan) => plan.video.operations.some(isOurs),
  compileVideo: (plan, range, node) => onProcessor(plan, range, pacelineFilters, node),
  compileAudio: (plan, range, node) => software.compileAudio(plan, range, node),
  ladder: (plan, range, node) => oneWay(onProcessor(plan, range, pacelineFilters, node)),
}

/** What FFmpeg with our filter can do on the processor. */
export const pacelineFilters: ProcessorFilters = { gap, filter }

const curves: ReadonlySet<string> = new Set(['bt2390', 'reinhard', 'hable', 'mobius', 'clip'])

/** Whether our filters do it: the one on the processor, and the one for CUDA. */
export function isOurs(operation: PictureOperation): operation is ToneMap {
  return operation.kind === 'tone-map' && curves.has(operation.curve)
}

function gap(operation: PictureOperation): string | null {
  return isOurs(operation) ? null : softwareGap(operation)
}

function filter(operation: PictureOperation): string {
  return isOurs(operation) ? toneMap(operation) : softwareFilter(operation)
}

/** What a film is taken for that does not say how bright it gets: most are graded for that. */
const usualPeakNits = 1000

/** The filter takes nothing else as a peak, and so do the formulas of PQ. */
const peakRangeNits = { least: 10, most: 10_000 }

/**
 * The source's colours are said and not left to its tags; the peak is the plan's, so that every lease maps alike. A
 * nominal HLG display has 1000 nits (BT.2100).
 */
function toneMap(operation: ToneMap): string {
  const { curve, desaturation = 0 } = operation
  return [
    sourceColours(operation),
    'format=yuv420p10le',
    `tonemap_paceline=tonemap=${curve}:peak=${peakOf(operation)}:desat=${desaturation}`,
  ].join(',')
}

/** Says what the source is, whatever its tags are. */
export function sourceColours({ transfer }: ToneMap): string {
  const from = transfer === 'hlg' ? 'arib-std-b67' : 'smpte2084'
  return `setparams=color_primaries=bt2020:color_trc=${from}:colorspace=bt2020nc`
}

/** The brightest that the film gets, in nits. */
export function peakOf({ peakNits = usualPeakNits }: ToneMap): number {
  return Math.min(peakRangeNits.most, Math.max(peakRangeNits.least, Math.round(peakNits)))
}

/**
 * What jellyfin-ffmpeg's filters for CUDA and OpenCL count their `peak` in: they take a tenth of it for multiples of
 * BT.2408's white of 203 nits, so that 100, which Jellyfin's EncodingHelper always says, is 2030 nits.
 */
export const jellyfinPeakNits: number = 203 / 10
