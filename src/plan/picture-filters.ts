import type { Filter } from '../command/filter-graph.ts'
import { wordTable } from '../command/word-table.ts'
import { oneOf, plainNumber, plainValue, wholeNumber } from './filter-values.ts'
import { namedArguments } from './linear-graph.ts'
import type { PictureOperation, ToneCurve } from './plan.ts'
import { NotPlannable } from './refusal.ts'

/** What a filter means to a plan. */
export type Meaning = (filter: Filter) => PictureOperation[]

/** How a filter by this name is read, whichever chip it is for; undefined for one that the plan does not model. */
export function meaningOf(name: string): Meaning | undefined {
  return meanings.get(name)
}

/** Surfaces go to a chip and back: nothing of the picture changes. */
const nothing: Meaning = () => []

const chips = 'vaapi cuda qsv opencl vulkan vt videotoolbox npp rkrga d3d11 rga'.split(' ')
const onChips = (name: string): string[] => [name, ...chips.map((chip) => `${name}_${chip}`)]

const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...many(['hwupload', 'hwdownload', 'hwmap', 'hwupload_cuda', 'null', 'copy'], nothing),
  ...many([...onChips('scale'), 'vpp_rkrga'], scale),
  ['vpp_qsv', processQsv],
  ['format', (filter: Filter) => [format(filter)]],
  ...many([...onChips('tonemap')], toneMap),
  ...many([...onChips('yadif'), ...onChips('bwdif')], deinterlace),
  ...many(['deinterlace_vaapi', 'deinterlace_qsv'], deinterlaceOnChip),
  ['crop', crop],
  ['pad', pad],
  ['setsar', (filter: Filter) => aspect(filter, 'sar')],
  ['setdar', (filter: Filter) => aspect(filter, 'dar')],
  ...many(onChips('transpose'), transpose),
  ['hflip', () => [{ kind: 'turn', how: 'hflip' }]],
  ['vflip', () => [{ kind: 'turn', how: 'vflip' }]],
])

function many(names: readonly string[], meaning: Meaning): [string, Meaning][] {
  return names.map((name) => [name, meaning])
}

/** Settings of scalers that change how well they work, not what comes out in size and format. */
const scalerManners = ['mode', 'interp_algo', 'async_depth', 'passthrough', 'extra_hw_frames', 'force_yuv']

function scale(filter: Filter): PictureOperation[] {
  const names = ['w', 'width', 'h', 'height', 'force_divisible_by', 'format', ...scalerManners]
  const values = namedArguments(filter, filter.name === 'scale' ? names.slice(0, 5) : names, ['w', 'h'])
  const width = values.get('w') ?? values.get('width')
  const height = values.get('h') ?? values.get('height')
  const pixelFormat = values.get('format')
  const operations: PictureOperation[] = []
  if (
    (width === undefined) !== (height === undefined) ||
    (width === undefined && pixelFormat === undefined)
  ) {
    throw new NotPlannable('filter-value', `${filter.name} without a size`)
  }
  if (width !== undefined && height !== undefined) {
    const divisibleBy = values.get('force_divisible_by')
    operations.push({
      ...{ kind: 'scale', width: plainValue(width), height: plainValue(height) },
      ...(divisibleBy !== undefined && { divisibleBy: wholeNumber(divisibleBy) }),
    })
  }
  if (pixelFormat !== undefined && pixelFormat !== 'same') {
    operations.push({ kind: 'format', pixelFormats: [plainValue(pixelFormat)] })
  }
  return operations
}

function format(filter: Filter): PictureOperation {
  const formats = namedArguments(filter, ['pix_fmts'], ['pix_fmts']).get('pix_fmts')
  if (!formats) throw new NotPlannable('filter-value', 'format without one')
  return { kind: 'format', pixelFormats: plainValue(formats).split('|') }
}

const curves: readonly ToneCurve[] = [
  ...(['mobius', 'hable', 'reinhard', 'clip', 'linear', 'gamma', 'none', 'bt2390'] as const),
]

/**
 * Plex writes the curve alone, by name or by place (`tonemap_cuda=hable:nv12`); the other arguments say that the result
 * is BT.709 in the usual range, which is all that a plan's tone map makes. Which curve leads from where is only known
 * with the source at hand, so the transfer is filled in later.
 */
function toneMap(filter: Filter): PictureOperation[] {
  const names = [
    'tonemap',
    'format',
    'desat',
    'peak',
    'param',
    'm',
    'matrix',
    'p',
    'primaries',
    't',
    'transfer',
    'r',
    'range',
  ]
  const values = namedArguments(filter, names, ['tonemap', 'format'])
  for (const name of ['m', 'matrix', 'p', 'primaries', 't', 'transfer'])
    oneOf(values.get(name) ?? 'bt709', ['bt709'])
  for (const name of ['r', 'range']) oneOf(values.get(name) ?? 'tv', ['tv', 'limited'])
  if (values.has('peak') || values.has('param')) {
    throw new NotPlannable('filter-value', `the filter ${filter.name} with a peak or parameter`)
  }
  const curve = oneOf(values.get('tonemap') ?? 'hable', curves)
  const desaturation = values.get('desat')
  const pixelFormat = values.get('format')
  return [
    {
      kind: 'tone-map',
      curve,
      transfer: 'pq',
      ...(desaturation !== undefined && { desaturation: plainNumber(desaturation) }),
    },
    ...(pixelFormat === undefined
      ? []
      : [{ kind: 'format', pixelFormats: [plainValue(pixelFormat)] } as const]),
  ]
}

function deinterlace(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['mode', 'parity', 'deint'], ['mode', 'parity', 'deint'])
  const mode = oneOf(values.get('mode') ?? '0', ['0', '1', 'send_frame', 'send_field'])
  const parity = oneOf(values.get('parity') ?? 'auto', ['-1', '0', '1', 'auto', 'tff', 'bff'])
  const marked = oneOf(values.get('deint') ?? 'all', ['0', '1', 'all', 'interlaced'])
  return [
    {
      kind: 'deinterlace',
      method: filter.name.startsWith('bwdif') ? 'bwdif' : 'yadif',
      fieldRate: mode === '1' || mode === 'send_field',
      markedOnly: marked === '1' || marked === 'interlaced',
      parity: ({ '-1': 'auto', '0': 'tff', '1': 'bff' } as const)[parity as '0'] ?? (parity as 'auto'),
    },
  ]
}

/** What chips are told: how well is theirs, whether fields or marked frames alone is the picture's. */
function deinterlaceOnChip(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['mode', 'rate', 'auto'], ['mode', 'rate', 'auto'])
  const rate = oneOf(values.get('rate') ?? 'frame', ['frame', 'field', '1', '2'])
  const marked = oneOf(values.get('auto') ?? '0', ['0', '1'])
  return [chipDeinterlacing({ fieldRate: rate === 'field' || rate === '2', markedOnly: marked === '1' })]
}

const chipDeinterlacing = (how: { fieldRate: boolean; markedOnly: boolean }): PictureOperation => ({
  ...{ kind: 'deinterlace', method: 'yadif', parity: 'auto' },
  ...how,
})

/** Intel's filter for everything: it takes fields apart first and maps tones before it scales. */
function processQsv(filter: Filter): PictureOperation[] {
  const own = ['deinterlace', 'tonemap']
  const isOwn = ({ name }: Filter['args'][number]) => name !== null && own.includes(name)
  const values = new Map(filter.args.filter(isOwn).map(({ name, value }) => [name, value]))
  const deinterlacing = oneOf(values.get('deinterlace') ?? '0', ['0', '1', '2', 'bob', 'advanced'])
  const tonemap = oneOf(values.get('tonemap') ?? '0', ['0', '1'])
  const sized = filter.args.filter((argument) => !isOwn(argument))
  return [
    ...(deinterlacing === '0' ? [] : [chipDeinterlacing({ fieldRate: false, markedOnly: false })]),
    ...(tonemap === '0' ? [] : toneMap({ ...filter, args: [] })),
    ...(sized.length === 0 && sized.length < filter.args.length ? [] : scale({ ...filter, args: sized })),
  ]
}

function crop(filter: Filter): PictureOperation[] {
  const values = namedArguments(filter, ['w', 'out_w', 'h', 'out_h', 'x', 'y'], ['w', 'h', 'x', 'y'])
  return [
    {
      kind: 'crop',
      width: plainValue(values.get('w') ?? values.get('out_w') ?? 'iw'),
      height: plainValue(values.get('h') ?? values.get('out_h') ?? 'ih'),
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
      width: plainValue(values.get('w') ?? values.get('width') ?? 'iw'),
      height: plainValue(values.get('h') ?? values.get('height') ?? 'ih'),
      ...place(values),
      ...(color !== undefined && { color: plainValue(color) }),
    },
  ]
}

function place(values: ReadonlyMap<string, string>): { x?: string; y?: string } {
  const [x, y] = [values.get('x'), values.get('y')]
  return { ...(x !== undefined && { x: plainValue(x) }), ...(y !== undefined && { y: plainValue(y) }) }
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

const turns = wordTable<'clock' | 'cclock'>({
  ...{ '1': 'clock', clock: 'clock', '2': 'cclock', cclock: 'cclock' },
})

function transpose(filter: Filter): PictureOperation[] {
  const direction = namedArguments(filter, ['dir'], ['dir']).get('dir') ?? ''
  if (direction === 'reversal' || direction === '4') return [{ kind: 'turn', how: 'half' }]
  const how = turns[direction]
  if (!how) throw new NotPlannable('filter-value', `the filter ${filter.name} with ${direction}`)
  return [{ kind: 'turn', how }]
}
