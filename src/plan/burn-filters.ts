import type { Filter } from '../command/filter-graph.ts'
import { wordTable } from '../command/word-table.ts'
import type { MediaStream } from '../media/media-info.ts'
import { plainNumber, plainValue } from './filter-values.ts'
import { type Line, namedArguments } from './linear-graph.ts'
import { pictureOperations } from './operations.ts'
import type { BurntBitmaps, BurntText, StreamRef } from './plan.ts'
import { NotPlannable } from './refusal.ts'

/** A subtitle stream that is drawn into the picture. */
export interface BurntStream {
  readonly ref: StreamRef
  readonly stream: MediaStream
  /** Nothing else is in its file. */
  readonly alone: boolean
  /** Sound of its file, or else the picture. */
  readonly pacedBy: number | null
}

const bitmapCodecs = new Set(['hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle', 'xsub'])

/** Subtitles that bring their own styles: sizes that the server asks for are for plain text only. */
const styledCodecs = new Set(['ass', 'ssa'])

/** The canvas that the server's sizes of text are made for: 54 is a twentieth of its height. */
const canvas = [
  ['PlayResX', '1920'],
  ['PlayResY', '1080'],
] as const

/**
 * The meaning of Plex's private `inlineass` for the stream that `-map_inlineass` names. Throws NotPlannable for bitmaps
 * and for arguments that are not known.
 */
export function burntText(filter: Filter, burnt: BurntStream): BurntText {
  const codec = burnt.stream.codec ?? ''
  if (burnt.stream.kind !== 'subtitle' || bitmapCodecs.has(codec)) {
    throw new NotPlannable('burn-kind', `${codec || burnt.stream.kind} as text`)
  }
  const names =
    'font_scale font_path fonts_dir fontconfig_file language overrides outline shadow font_size margin'
  const values = namedArguments(filter, names.split(' '))
  const overrides = stylesOf(values.get('overrides') ?? '')
  const font = values.get('font_path')
  return {
    ...{ kind: 'burn-text', source: burnt.ref, alone: burnt.alone },
    style: [...(styledCodecs.has(codec) ? [] : plainTextStyle(values)), ...overrides],
    fonts: font === undefined ? [] : [fontFile(font)],
  }
}

function plainTextStyle(values: ReadonlyMap<string, string>): [string, string][] {
  const scale = plainNumber(values.get('font_scale') ?? '1')
  const size = values.get('font_size')
  if (size === undefined) return []
  const margin = values.get('margin')
  return [
    ...canvas.map(([field, value]): [string, string] => [field, value]),
    ['FontSize', String(plainNumber(size) * scale)],
    ...numbers(values, 'outline', 'Outline'),
    ...numbers(values, 'shadow', 'Shadow'),
    ...(margin === undefined
      ? []
      : ['MarginL', 'MarginR', 'MarginV'].map((field): [string, string] => [
          field,
          String(plainNumber(margin)),
        ])),
  ]
}

function numbers(values: ReadonlyMap<string, string>, name: string, field: string): [string, string][] {
  const value = values.get(name)
  return value === undefined ? [] : [[field, String(plainNumber(value))]]
}

/** `FontName\=Noto\ Sans\,Bold\=500`: one more level of quoting than a filter's arguments have. */
function stylesOf(text: string): [string, string][] {
  const plain = text.replace(/\\(.)/g, '$1')
  if (plain === '') return []
  return plain.split(',').map((pair) => {
    const match = /^([A-Za-z0-9]+)=([A-Za-z0-9&. _-]*)$/.exec(pair)
    if (!match) throw new NotPlannable('filter-value', `the style ${pair}`)
    return [match[1]!, match[2]!]
  })
}

function fontFile(path: string): string {
  if (!path.startsWith('/')) throw new NotPlannable('filter-value', `the font ${path}`)
  return path
}

/** Overlays of any chip. */
export const overlayNames: ReadonlySet<string> = new Set(
  ['', '_vaapi', '_cuda', '_qsv', '_opencl', '_vulkan', '_rkrga'].map((chip) => `overlay${chip}`),
)

/** The meaning of an overlay whose side line comes from a stream of bitmaps. */
export function burntBitmaps(filter: Filter, side: Line, burnt: BurntStream): BurntBitmaps {
  const codec = burnt.stream.codec ?? ''
  if (burnt.stream.kind !== 'subtitle' || !bitmapCodecs.has(codec)) {
    throw new NotPlannable('burn-kind', `${codec || burnt.stream.kind} as bitmaps`)
  }
  const values = namedArguments(filter, ['x', 'y', 'eof_action', 'repeatlast', 'format', 'alpha'], ['x', 'y'])
  for (const [name, usual] of Object.entries(usualOverlay)) {
    if (!usual.includes(values.get(name) ?? usual[0]!)) {
      throw new NotPlannable('filter-value', `the filter ${filter.name} with ${name}=${values.get(name)}`)
    }
  }
  const [x, y] = [values.get('x'), values.get('y')]
  return {
    ...{ kind: 'burn-bitmaps', source: burnt.ref, pacedBy: burnt.pacedBy },
    ...sizeOf(side),
    ...(x !== undefined && { x: plainValue(x) }),
    ...(y !== undefined && { y: plainValue(y) }),
  }
}

/** Only ways in which the picture goes on when the subtitles end. */
const usualOverlay = wordTable<readonly string[]>({
  eof_action: ['repeat', 'pass'],
  repeatlast: ['1', '0'],
  format: ['auto', 'yuv420', 'yuv420p10'],
  alpha: ['auto', 'straight'],
})

function sizeOf(side: Line): { size?: BurntBitmaps['size'] & object } {
  const operations = side.steps.flatMap((step) => {
    if (step.side) throw new NotPlannable('graph-shape', 'subtitles that others are laid over')
    return pictureOperations(step.filter)
  })
  const scales = operations.flatMap((operation) => (operation.kind === 'scale' ? [operation] : []))
  const strange = operations.find(({ kind }) => kind !== 'scale' && kind !== 'format')
  if (strange || scales.length > 1)
    throw new NotPlannable('filter-value', 'subtitles that are changed before')
  const [scale] = scales
  return scale ? { size: { width: scale.width, height: scale.height } } : {}
}
