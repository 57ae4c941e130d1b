import type { Filter } from '../command/filter-graph.ts'
import { deinterlace, deinterlaceOnChip } from './field-filters.ts'
import { expressionValue, plainValue } from './filter-values.ts'
import { namedArguments } from './linear-graph.ts'
import type { PictureOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { placebo, processQsv, processRkrga, scale, scaleVt } from './scale-filters.ts'
import { linearLight, toneMap, toneMapOfDriver } from './tone-filters.ts'
import { transpose } from './turn-filters.ts'

/** What a filter means to a plan. */
export type Meaning = (filter: Filter) => PictureOperation[]

/** How a filter by this name is read, whichever chip it is for; undefined for one that the plan does not model. */
export function meaningOf(name: string): Meaning | undefined {
  return meanings.get(name)
}

/** Surfaces go to a chip and back: nothing of the picture changes. */
const nothing: Meaning = () => []

const chips = 'vaapi cuda qsv opencl vulkan vt videotoolbox npp rkrga d3d11 rga mpp v4l2 amf'.split(' ')
const onChips = (name: string): string[] => [name, ...chips.map((chip) => `${name}_${chip}`)]

const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...many(['hwdownload', 'hwmap', 'null', 'copy', ...onChips('hwupload')], nothing),
  ...many(onChips('scale'), scale),
  ...many(['vpp_rkrga', 'scale_rkrga'], processRkrga),
  ['scale_vt', scaleVt],
  ['vpp_qsv', processQsv],
  ['libplacebo', placebo],
  ['format', (filter: Filter) => [format(filter)]],
  ...many([...onChips('tonemap'), 'tonemapx'], toneMap),
  ...many(['tonemap_vaapi', 'tonemap_qsv'], toneMapOfDriver),
  // Makes up for what the driver's tone map makes too dark; it stands before one and nowhere else.
  ['procamp_vaapi', nothing],
  ['zscale', linearLight],
  ['setparams', colorTags],
  ...many([...onChips('yadif'), ...onChips('bwdif')], deinterlace),
  ...many(onChips('deinterlace').slice(1), deinterlaceOnChip),
  ['crop', crop],
  ['pad', pad],
  ...many(onChips('pad').slice(1), pad),
  ['setsar', (filter: Filter) => aspect(filter, 'sar')],
  ['setdar', (filter: Filter) => aspect(filter, 'dar')],
  ...many(onChips('transpose'), transpose),
  ...many(onChips('hflip'), () => [{ kind: 'turn', how: 'hflip' }]),
  ...many(onChips('vflip'), () => [{ kind: 'turn', how: 'vflip' }]),
  ['flip_vulkan', () => [{ kind: 'turn', how: 'half' }]],
])

function many(names: readonly string[], meaning: Meaning): [string, Meaning][] {
  return names.map((name) => [name, meaning])
}

function format(filter: Filter): PictureOperation {
  const formats = namedArguments(filter, ['pix_fmts'], ['pix_fmts']).get('pix_fmts')
  if (!formats) throw new NotPlannable('filter-value', 'format without one')
  return { kind: 'format', pixelFormats: plainValue(formats).split('|') }
}

/** Colours are said and nothing is changed; fields and chroma places are not said this way by any server. */
function colorTags(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['color_primaries', 'color_trc', 'colorspace', 'range'])
  const fields = { primaries: 'color_primaries', transfer: 'color_trc', space: 'colorspace', range: 'range' }
  const tags = Object.entries(fields).flatMap(([field, name]) => {
    const value = values.get(name)
    return value === undefined || value === 'auto' ? [] : [[field, plainValue(value)] as const]
  })
  return tags.length === 0 ? [] : [{ kind: 'color-tags', ...Object.fromEntries(tags) }]
}

function crop(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['w', 'out_w', 'h', 'out_h', 'x', 'y'], ['w', 'h', 'x', 'y'])
  return [
    {
      kind: 'crop',
      width: expressionValue(values.get('w') ?? values.get('out_w') ?? 'iw'),
      height: expressionValue(values.get('h') ?? values.get('out_h') ?? 'ih'),
      ...place(values),
    },
  ]
}

function pad(filter: Filter): PictureOperation[] {
  const values = namedArguments(
    filter,
    ['w', 'width', 'h', 'height', 'x', 'y', 'color'],
    ['w', 'h', 'x', 'y', 'color'],
  )
  const color = values.get('color')
  return [
    {
      kind: 'pad',
      width: expressionValue(values.get('w') ?? values.get('width') ?? 'iw'),
      height: expressionValue(values.get('h') ?? values.get('height') ?? 'ih'),
      ...place(values),
      ...(color !== undefined && { color: colorValue(color) }),
    },
  ]
}

function place(values: ReadonlyMap<string, string>): { x?: string; y?: string } {
  const [x, y] = [values.get('x'), values.get('y')]
  return {
    ...(x !== undefined && { x: expressionValue(x) }),
    ...(y !== undefined && { y: expressionValue(y) }),
  }
}

function aspect(filter: Filter, of: 'sar' | 'dar'): PictureOperation[] {
  const values = namedArguments(filter, ['sar', 'dar', 'r', 'ratio', 'max'], ['ratio', 'max'])
  const ratio = values.get(of) ?? values.get('r') ?? values.get('ratio')
  // `16:9` was an old way to write it that FFmpeg reads as two arguments.
  if (ratio === undefined || !/^\d+(\.\d+)?(\/\d+)?$/.test(ratio)) {
    throw new NotPlannable('filter-value', `the filter ${filter.name} with the ratio ${ratio ?? 'left out'}`)
  }
  return [{ kind: 'aspect', of, ratio }]
}

/** A colour and how much of it: `black@0`. */
function colorValue(value: string): string {
  if (!/^[A-Za-z0-9#]{1,32}(@[0-9.]{1,6})?$/.test(value))
    throw new NotPlannable('filter-value', `the colour ${value}`)
  return value
}
