import type { Filter } from '../command/filter-graph.ts'
import { wordTable } from '../command/word-table.ts'
import { oneOf, plainNumber, plainValue } from './filter-values.ts'
import { namedArguments } from './linear-graph.ts'
import type { PictureOperation, ToneCurve } from './plan.ts'
import { NotPlannable } from './refusal.ts'

type ToneMap = Extract<PictureOperation, { kind: 'tone-map' }>

const curves: readonly ToneCurve[] = [
  ...(['mobius', 'hable', 'reinhard', 'clip', 'linear', 'gamma', 'none', 'bt2390'] as const),
]

/** White of the standard range in nits: FFmpeg's own filter counts peaks by it (libavfilter, REFERENCE_WHITE). */
const ffmpegWhiteNits = 100

/** Jellyfin's filters take a tenth of the number for multiples of BT.2408's white: 100, its default, is 2030 nits. */
const jellyfinWhiteNits = 203 / 10

/** PQ ends here. */
const mostNits = 10_000

/**
 * What Jellyfin asks software for unless told otherwise (its EncodingOptions: bt2390, desaturation 0, peak 100). Chips
 * whose driver has one curve of its own and no words for it mean that the result looks like this.
 */
export const serversToneMap: ToneMap = {
  ...{ kind: 'tone-map', curve: 'bt2390', transfer: 'pq', desaturation: 0 },
  peakNits: Math.round(100 * jellyfinWhiteNits),
}

const narrow = ['m', 'matrix', 'p', 'primaries', 't', 'transfer']

/** How well it works and on what, not what comes out. */
const manners = ['tradeoff', 'apply_dovi', 'extra_hw_frames', 'threshold']

/**
 * Plex writes the curve alone, by name or by place (`tonemap_cuda=hable:nv12`), Jellyfin everything; the other arguments
 * say that the result is BT.709 in the usual range, which is all that a plan's tone map makes. From where the curve
 * leads is only known with the source at hand, so the transfer is filled in later.
 */
export function toneMap(filter: Filter): PictureOperation[] {
  const own = ['tonemap', 'tonemap_mode', 'format', 'desat', 'peak', 'param', 'r', 'range']
  const values = namedArguments(filter, [...own, ...narrow, ...manners], ['tonemap', 'format'])
  for (const name of narrow) oneOf(values.get(name) ?? 'bt709', ['bt709'])
  for (const name of ['r', 'range']) oneOf(values.get(name) ?? 'tv', ['tv', 'limited'])
  const curve = oneOf(values.get('tonemap') ?? 'hable', curves)
  demandUsual(filter, curve, values.get('param') ?? '0')
  // By the brightest of the three colours, as the plan's own does.
  oneOf(values.get('tonemap_mode') ?? 'max', ['max', 'auto'])
  const desaturation = values.get('desat')
  const pixelFormat = values.get('format')
  return [
    {
      ...{ kind: 'tone-map', curve, transfer: 'pq' },
      ...(desaturation !== undefined && { desaturation: plainNumber(desaturation) }),
      ...peakOf(filter, plainNumber(values.get('peak') ?? '0')),
    },
    ...formatOf(pixelFormat),
  ]
}

/**
 * What a curve's parameter is where nothing is said (FFmpeg vf_tonemap.c, and jellyfin-ffmpeg for BT.2390, whose knee
 * is half in the standard): said, it changes nothing. Hable's curve has none.
 */
const usualParameters: Readonly<Record<ToneCurve, readonly number[] | null>> = {
  ...{ mobius: [0.3], reinhard: [0.5], bt2390: [0.5, 1], clip: [1], linear: [1], gamma: [1.8] },
  ...{ hable: null, none: null },
}

function demandUsual(filter: Filter, curve: ToneCurve, parameter: string): void {
  const value = Number(parameter)
  const usual = usualParameters[curve] ?? [value]
  if (Number.isFinite(value) && [0, ...usual].includes(value)) return
  throw new NotPlannable('filter-value', `the filter ${filter.name} with a parameter`)
}

function formatOf(pixelFormat: string | undefined): PictureOperation[] {
  return pixelFormat === undefined ? [] : [{ kind: 'format', pixelFormats: [plainValue(pixelFormat)] }]
}

/** 0 leaves it to the file. */
function peakOf(filter: Filter, peak: number): { peakNits?: number } {
  if (peak < 0) throw new NotPlannable('filter-value', `the filter ${filter.name} with the peak ${peak}`)
  const white = filter.name === 'tonemap' ? ffmpegWhiteNits : jellyfinWhiteNits
  return peak === 0 ? {} : { peakNits: Math.min(mostNits, Math.round(peak * white)) }
}

/** Intel's video processor: no curve can be chosen, and what makes its pictures brighter goes before. */
export function toneMapOfDriver(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['format', ...narrow, ...manners], ['format'])
  for (const name of narrow) oneOf(values.get(name) ?? 'bt709', ['bt709'])
  return [serversToneMap, ...formatOf(values.get('format'))]
}

const placeboCurves = wordTable<ToneCurve>({
  ...{ 'bt.2390': 'bt2390', auto: 'bt2390', clip: 'clip', mobius: 'mobius', reinhard: 'reinhard' },
  ...{ hable: 'hable', gamma: 'gamma', linear: 'linear' },
})

/** A curve by libplacebo's name. */
export function placeboCurve(name: string): ToneCurve {
  const curve = placeboCurves[name]
  if (!curve) throw new NotPlannable('filter-value', `the tone map ${name}`)
  return curve
}

/**
 * `zscale` around a tone map: into linear light, the wide gamut made narrow, and back. The plan's tone map is all of
 * it; a scaler of that name is not known here.
 */
export function linearLight(filter: Filter): PictureOperation[] {
  const names = ['t', 'transfer', 'npl', 'p', 'primaries', 'm', 'matrix', 'r', 'range']
  const values = namedArguments(filter, names)
  oneOf(values.get('t') ?? values.get('transfer') ?? 'bt709', ['linear', 'bt709'])
  oneOf(values.get('npl') ?? '100', ['100'])
  for (const name of ['p', 'primaries', 'm', 'matrix']) oneOf(values.get(name) ?? 'bt709', ['bt709'])
  for (const name of ['r', 'range']) oneOf(values.get(name) ?? 'tv', ['tv', 'limited'])
  return []
}
