import type { PictureOperation } from '../plan/plan.ts'
import type { Platform } from './platform.ts'
import type { ProcessorFilters } from './processor-filters.ts'
import { oneWay, onProcessor, software } from './software.ts'
import { softwareFilter, softwareGap } from './software-filters.ts'
import { peakOf, sourceColours, type ToneMap } from './tone-source.ts'

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

/** The source's colours are said and not left to its tags; the peak is the plan's, so that every lease maps alike. */
function toneMap(operation: ToneMap): string {
  const { curve, desaturation = 0 } = operation
  return [
    sourceColours(operation),
    'format=yuv420p10le',
    `tonemap_paceline=tonemap=${curve}:peak=${peakOf(operation)}:desat=${desaturation}`,
  ].join(',')
}
