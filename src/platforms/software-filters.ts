import { wordTable } from '../command/word-table.ts'
import type { BurntText, PictureOperation } from '../plan/plan.ts'
import type { ProcessorFilters } from './processor-filters.ts'
import { peakOf, shortNumber, sourceColours, type ToneMap, targetNits } from './tone-source.ts'

/** What every FFmpeg can do on the processor. */
export const softwareFilters: ProcessorFilters = { gap: softwareGap, filter: softwareFilter }

/** Why FFmpeg's own filters cannot do an operation; null when they can. */
export function softwareGap(operation: PictureOperation): string | null {
  if (operation.kind !== 'tone-map' || operation.curve !== 'bt2390') return null
  return 'FFmpeg has no tone map by the curve of BT.2390'
}

/** Text of an operation that every FFmpeg does alike, on the processor. */
export function softwareFilter(operation: PictureOperation): string {
  switch (operation.kind) {
    case 'format':
      return `format=pix_fmts=${operation.pixelFormats.map(onProcessor).join('|')}`
    case 'scale':
      return `scale=${options({ w: operation.width, h: operation.height, force_divisible_by: operation.divisibleBy, flags: operation.flags })}`
    case 'deinterlace': {
      const { method, fieldRate, parity, markedOnly } = operation
      return `${method}=mode=${fieldRate ? 'send_field' : 'send_frame'}:parity=${parity}:deint=${markedOnly ? 'interlaced' : 'all'}`
    }
    case 'tone-map':
      return toneMap(operation)
    case 'crop':
      return `crop=${options({ w: operation.width, h: operation.height, x: operation.x, y: operation.y })}`
    case 'pad': {
      const { width, height, x, y, color } = operation
      return `pad=${options({ w: width, h: height, x, y, color })}`
    }
    case 'aspect':
      return `set${operation.of}=${operation.ratio}`
    case 'turn':
      return turns[operation.how]
    case 'color-tags': {
      const { primaries, transfer, space, range } = operation
      return `setparams=${options({ color_primaries: primaries, color_trc: transfer, colorspace: space, range })}`
    }
    case 'burn-text':
      return burnText(operation)
    case 'burn-bitmaps':
      throw new RangeError('bitmaps are a branch of the graph, not a filter in line')
  }
}

/** Names of formats as they lie in a chip's memory, and as encoders on the processor take them. */
const processorFormats = wordTable<string>({ p010: 'yuv420p10le', p010le: 'yuv420p10le' })

function onProcessor(pixelFormat: string): string {
  return processorFormats[pixelFormat] ?? pixelFormat
}

const turns = {
  ...{
    clock: 'transpose=clock',
    cclock: 'transpose=cclock',
    half: 'hflip,vflip',
    hflip: 'hflip',
    vflip: 'vflip',
  },
} as const

/**
 * As our own filters do it (docs/tone-mapping.md), so that nobody sees which node has made a picture: linear light in
 * multiples of the same white, the curve for the largest of the three colours, from the plan's peak, and only then the
 * gamut made narrow, whose rest is cut off by whole numbers of R, G and B.
 */
function toneMap(operation: ToneMap): string {
  const { curve, desaturation = 0 } = operation
  const peak = shortNumber(peakOf(operation) / targetNits)
  return [
    sourceColours(operation),
    `zscale=t=linear:npl=${targetNits}`,
    'format=gbrpf32le',
    `tonemap=tonemap=${curve}:desat=${desaturation}:peak=${peak}`,
    'zscale=p=bt709:t=bt709:m=gbr:r=pc',
    'format=gbrp16le',
    'zscale=m=bt709:r=tv',
    'format=yuv420p',
  ].join(',')
}

/** `{text}` is a file made by textLease and `{fonts}` a folder with the fonts it may need. */
function burnText({ style, fonts, fontFolder }: BurntText): string {
  const fields = style.map(([field, value]) => `${field}=${value}`).join(',')
  const forced = fields === '' ? '' : `:force_style='${fields}'`
  const hasFonts = fonts.length > 0 || fontFolder !== undefined
  return `subtitles=f={text}${hasFonts ? ':fontsdir={fonts}' : ''}${forced}`
}

function options(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${String(value).replaceAll(',', '\\,')}`],
    )
    .join(':')
}
