import type { Filter } from '../command/filter-graph.ts'
import type { MediaStream } from '../media/media-info.ts'
import { plainNumber } from './filter-values.ts'
import { namedArguments } from './linear-graph.ts'
import type { BurntText, StreamRef } from './plan.ts'
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

/** Subtitles that are pictures. */
export const bitmapCodecs: ReadonlySet<string> = new Set([
  'hdmv_pgs_subtitle',
  'dvd_subtitle',
  'dvb_subtitle',
  'xsub',
])

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

const filterOptions =
  'f filename si stream_index charenc fontsdir force_style alpha sub2video original_size'.split(' ')

/**
 * The meaning of FFmpeg's own `subtitles` and `ass`, which read a file by themselves; `alpha` and `sub2video` are
 * Jellyfin's, for text that is drawn on nothing and then laid over the film. Throws NotPlannable.
 */
export function textOfFile(filter: Filter, burnt: BurntStream): BurntText {
  const codec = burnt.stream.codec ?? ''
  if (burnt.stream.kind !== 'subtitle' || bitmapCodecs.has(codec)) {
    throw new NotPlannable('burn-kind', `${codec || burnt.stream.kind} as text`)
  }
  const values = namedArguments(filter, filterOptions, ['f'])
  const encoding = values.get('charenc') ?? 'utf-8'
  if (!/^utf-?8$/i.test(encoding)) throw new NotPlannable('filter-value', `text in the encoding ${encoding}`)
  if (values.has('original_size')) throw new NotPlannable('filter-value', 'text for pictures of another size')
  const folder = values.get('fontsdir')
  return {
    ...{ kind: 'burn-text', source: burnt.ref, alone: burnt.alone, fonts: [] },
    style: stylesOf(values.get('force_style') ?? ''),
    ...(folder !== undefined && { fontFolder: folder }),
  }
}
