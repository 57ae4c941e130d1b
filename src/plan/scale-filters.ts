import type { Filter } from '../command/filter-graph.ts'
import { chipDeinterlacing } from './field-filters.ts'
import { expressionValue, oneOf, plainValue, wholeNumber } from './filter-values.ts'
import { namedArguments } from './linear-graph.ts'
import type { PictureOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { placeboCurve, serversToneMap } from './tone-filters.ts'
import { turnBy } from './turn-filters.ts'

/** Settings of scalers on chips that change how well they work, not what comes out in size and format. */
const manners =
  'mode interp_algo async_depth passthrough extra_hw_frames force_yuv scale_mode afbc core upscaler downscaler'.split(
    ' ',
  )

const sizes = ['w', 'width', 'h', 'height', 's', 'size', 'flags', 'force_divisible_by', 'format']

/** What a scaler means, of whatever chip: one without any argument only makes pictures fit for the next filter. */
export function scale(filter: Filter): PictureOperation[] {
  const names = filter.name === 'scale' ? sizes.filter((name) => name !== 'format') : [...sizes, ...manners]
  const values = namedArguments(filter, names, ['w', 'h', 'flags'])
  const flags = values.get('flags')
  const [width, height] = sidesOf(filter, values)
  const pixelFormat = values.get('format')
  const divisibleBy = values.get('force_divisible_by')
  const operations: PictureOperation[] = []
  if (width !== null && height !== null) {
    operations.push({
      ...{ kind: 'scale', width: expressionValue(width), height: expressionValue(height) },
      ...(divisibleBy !== undefined && { divisibleBy: wholeNumber(divisibleBy) }),
      ...(flags !== undefined && { flags: scalerFlags(filter, flags) }),
    })
  }
  if (pixelFormat !== undefined && pixelFormat !== 'same') {
    operations.push({ kind: 'format', pixelFormats: [plainValue(pixelFormat)] })
  }
  return operations
}

/** Jellyfin scales subtitles so; with any other way the picture itself would be another one. */
function scalerFlags(filter: Filter, flags: string): 'fast_bilinear' {
  if (flags === 'fast_bilinear') return flags
  throw new NotPlannable('filter-value', `the filter ${filter.name} with flags ${flags}`)
}

function sidesOf(
  filter: Filter,
  values: ReadonlyMap<string, string>,
): readonly [width: string | null, height: string | null] {
  const both = /^(\d+)x(\d+)$/.exec(values.get('s') ?? values.get('size') ?? '')
  const width = values.get('w') ?? values.get('width') ?? both?.[1] ?? null
  const height = values.get('h') ?? values.get('height') ?? both?.[2] ?? null
  if ((width === null) !== (height === null)) {
    throw new NotPlannable('filter-value', `${filter.name} without a size`)
  }
  return [width, height]
}

/** A filter's arguments of its own, and the filter without them. */
function apart(filter: Filter, own: readonly string[]): [ReadonlyMap<string, string>, Filter] {
  const isOwn = ({ name }: Filter['args'][number]) => name !== null && own.includes(name)
  const values = new Map(filter.args.filter(isOwn).map(({ name, value }) => [name!, value]))
  return [values, { ...filter, args: filter.args.filter((argument) => !isOwn(argument)) }]
}

/** Colours of a result in the usual range of BT.709, where they are said at all. */
function demandNarrow(values: ReadonlyMap<string, string>, names: readonly string[]): void {
  for (const name of names) oneOf(values.get(name) ?? 'bt709', ['bt709'])
}

/**
 * Intel's filter for everything. In which order it scales and maps tones is its own business: the plan has the order in
 * which servers write them for software, which is the cheaper one.
 */
export function processQsv(filter: Filter): PictureOperation[] {
  const colors = ['out_color_matrix', 'out_color_primaries', 'out_color_transfer']
  const looks = ['procamp', 'brightness', 'contrast']
  const own = ['deinterlace', 'tonemap', 'transpose', 'out_range', ...colors, ...looks]
  const [values, scaler] = apart(filter, own)
  const fields = oneOf(values.get('deinterlace') ?? '0', ['0', '1', '2', 'bob', 'advanced'])
  const isMapped = oneOf(values.get('tonemap') ?? '0', ['0', '1']) === '1'
  const look = looks.find((name) => values.has(name))
  if (look !== undefined && !isMapped) throw new NotPlannable('filter-value', `${filter.name} with ${look}`)
  demandNarrow(values, colors)
  oneOf(values.get('out_range') ?? 'tv', ['tv', 'limited'])
  const direction = values.get('transpose')
  return [
    ...(fields === '0' ? [] : [chipDeinterlacing({ fieldRate: false, markedOnly: false })]),
    ...(direction === undefined ? [] : [turnBy(filter, direction)]),
    ...mappedBetween(scale(scaler), isMapped ? serversToneMap : null),
  ]
}

/** A tone map between the size and the format that one filter gives. */
function mappedBetween(
  operations: readonly PictureOperation[],
  toneMap: PictureOperation | null,
): PictureOperation[] {
  const at = operations.filter(({ kind }) => kind === 'scale').length
  return toneMap ? operations.toSpliced(at, 0, toneMap) : [...operations]
}

/**
 * Rockchip's filter for everything: its sides are those after the turn. Pictures that become less than an eighth as large
 * go through it twice, the first time nearly as far as it can (`w=iw/7.9`).
 */
export function processRkrga(filter: Filter): PictureOperation[] {
  const [values, scaler] = apart(filter, ['transpose', 'force_original_aspect_ratio'])
  const keeps = values.get('force_original_aspect_ratio')
  if (keeps !== undefined) {
    const isFirstPass =
      keeps === 'increase' && filter.args.some(({ name, value }) => name === 'w' && value === 'iw/7.9')
    if (!isFirstPass)
      throw new NotPlannable('filter-value', `${filter.name} with sides of the film's own shape`)
    return []
  }
  const direction = values.get('transpose')
  return [...(direction === undefined ? [] : [turnBy(filter, direction)]), ...scale(scaler)]
}

/** Apple's scaler, which maps tones where it is told to change colours. */
export function scaleVt(filter: Filter): PictureOperation[] {
  const colors = ['color_matrix', 'color_primaries', 'color_transfer']
  const [values, scaler] = apart(filter, colors)
  demandNarrow(values, colors)
  return mappedBetween(scale(scaler), values.size === 0 ? null : serversToneMap)
}

/** Formats in which a chip draws, on the way to what its encoder takes. */
const drawingFormats: ReadonlySet<string> = new Set(['bgra', 'rgba', 'bgr0', 'rgb0', 'x2rgb10'])

/** The filter of libplacebo, which scales and maps tones at once; of pictures before it keeps what `peak_detect` says. */
export function placebo(filter: Filter): PictureOperation[] {
  const colors = ['color_primaries', 'color_trc', 'colorspace']
  const own = [
    ...colors,
    'tonemapping',
    'tonemapping_mode',
    'peak_detect',
    'range',
    'gamut_mode',
    'apply_dolbyvision',
    'rotate',
  ]
  const [values, scaler] = apart(filter, own)
  demandNarrow(values, colors)
  oneOf(values.get('range') ?? 'tv', ['tv', 'limited'])
  oneOf(values.get('rotate') ?? 'normal', ['normal', '0'])
  oneOf(values.get('tonemapping_mode') ?? 'auto', ['auto', 'max'])
  const curve = values.get('tonemapping')
  const drawn = (operation: PictureOperation): boolean =>
    operation.kind === 'format' && operation.pixelFormats.every((name) => drawingFormats.has(name))
  return mappedBetween(
    scale(scaler).filter((operation) => !drawn(operation)),
    curve === undefined ? null : { ...serversToneMap, curve: placeboCurve(curve) },
  )
}
