/**
 * Filters as Jellyfin's EncodingHelper (10.8 to 12) writes them for each kind of chip. Only their names, arguments and
 * order are from there.
 */
export interface JellyfinFilm {
  readonly codec: 'h264' | 'hevc' | 'av1' | 'vp9' | 'mpeg2video'
  readonly bits: 8 | 10
  readonly range: 'sdr' | 'hdr10' | 'hlg'
  readonly interlaced: boolean
  readonly rotation: 0 | 90 | 180 | -90
}

export interface JellyfinPicture extends JellyfinFilm {
  /** Sides of the result, of a film in 1920x1080; null for no other size. */
  readonly width: number | null
  readonly text: 'none' | 'srt' | 'ass' | 'pgs' | 'dvd' | 'external-pgs'
  readonly doubleRate: boolean
  readonly curve: 'bt2390' | 'hable' | 'reinhard'
  readonly startSeconds: number
}

export const jellyfinChips = [
  ...([
    'software',
    'nvenc',
    'nvenc-upload',
    'nvdec',
    'qsv-vaapi',
    'qsv',
    'qsv-upload',
    'qsv-windows',
  ] as const),
  ...([
    'vaapi',
    'vaapi-vpp',
    'vaapi-upload',
    'vaapi-decode',
    'vaapi-other',
    'vaapi-amd',
    'vaapi-amd-old',
  ] as const),
  ...([
    'amf',
    'amf-upload',
    'rkmpp',
    'rkmpp-upload',
    'rkmpp-decode',
    'vt',
    'vt-metal',
    'vt-old',
    'v4l2m2m',
  ] as const),
]

export type JellyfinChip = (typeof jellyfinChips)[number]

/** The main line, the subtitles' line and what joins them. */
export interface Lines {
  readonly main: readonly string[]
  readonly side: readonly string[]
  readonly join: readonly string[]
}

/** Where pictures are decoded and encoded. */
export interface Way {
  readonly decodes: boolean
  readonly encodes: boolean
}

export const sides = ({ width }: JellyfinPicture): [number, number] => {
  const across = width ?? 1920
  return [across, Math.floor((across * 9) / 32) * 2]
}

/** Sides after a turn, which Jellyfin keeps within the same box. */
export function outSides(picture: JellyfinPicture): [number, number] {
  const [across, down] = sides(picture)
  return Math.abs(picture.rotation) === 90 ? [Math.floor((down * 9) / 32) * 2, down] : [across, down]
}

export const isHdr = ({ range }: JellyfinPicture): boolean => range !== 'sdr'
export const isWords = ({ text }: JellyfinPicture): boolean => text === 'srt' || text === 'ass'
export const isBitmaps = (picture: JellyfinPicture): boolean => picture.text !== 'none' && !isWords(picture)
export const some = (...filters: (string | false)[]): string[] => filters.filter((filter) => filter !== false)
export const when = (condition: boolean, ...filters: string[]): string[] => (condition ? filters : [])

export const direction = { '0': '', '90': 'cclock', '180': 'reversal', '-90': 'clock' } as const
export const turn = ({ rotation }: JellyfinPicture) => direction[`${rotation}`]

export function tags(picture: JellyfinPicture): string {
  const colors = { sdr: ['bt709', 'bt709', 'bt709'], hdr10: ['bt2020', 'smpte2084', 'bt2020nc'] }
  const [primaries, transfer, space] =
    picture.range === 'hlg' ? ['bt2020', 'arib-std-b67', 'bt2020nc'] : colors[picture.range]
  return `setparams=color_primaries=${primaries}:color_trc=${transfer}:colorspace=${space}`
}

export const fields = ({ doubleRate }: JellyfinPicture, suffix = ''): string =>
  `yadif${suffix}=${doubleRate ? 1 : 0}:-1:0`

export function softScale({ width }: JellyfinPicture, divisor = 2): string | false {
  if (width === null) return false
  return `scale=trunc(min(max(iw\\,ih*a)\\,${width})/${divisor})*${divisor}:trunc(ow/a/2)*2`
}

export function chipScale(name: string, picture: JellyfinPicture, format: string, more = ''): string | false {
  const [width, height] = outSides(picture)
  const isTurned = Math.abs(picture.rotation) === 90
  const size = picture.width === null && !isTurned ? [] : [`w=${width}`, `h=${height}`]
  const args = [...size, ...(format === '' ? [] : [`format=${format}`])]
  return args.length > 0 && `${name}=${args.join(':')}${more}`
}

export const subtitleFile = '/library/subtitles/film.srt'
export const styledFile = '/library/subtitles/film.ass'

export function words(picture: JellyfinPicture, onNothing = false): string {
  const file = picture.text === 'ass' ? styledFile : subtitleFile
  const encoding = picture.text === 'ass' ? '' : ':charenc=utf-8'
  return `subtitles=f='${file}'${encoding}${onNothing ? ':alpha=1:sub2video=1' : ''}:fontsdir='/fonts'`
}

export function bitmaps(picture: JellyfinPicture): string {
  const [width, height] = outSides(picture)
  if (picture.text !== 'dvd') return `scale,scale=${width}:${height}:fast_bilinear`
  const box = `max(${width}\\,iw):max(${height}\\,ih):(ow-iw)/2:(oh-ih)/2:black@0`
  return `scale,scale=-1:${height}:fast_bilinear,crop,pad=${box},crop=${width}:${height}`
}

export function nothing(picture: JellyfinPicture): string {
  const [width, height] = outSides(picture)
  const rate = picture.text === 'ass' ? 25 : 10
  const start = picture.startSeconds === 0 ? '0' : '00\\:10\\:00\\.000'
  return `alphasrc=s=${width}x${height}:r=${rate}:start='${start}'`
}

export function toneMap(suffix: string, picture: JellyfinPicture, format: string): string {
  if (suffix === 'vaapi') return `tonemap_vaapi=format=${format}:p=bt709:t=bt709:m=bt709:extra_hw_frames=32`
  return `tonemap_${suffix}=format=${format}:p=bt709:t=bt709:m=bt709:tonemap=${picture.curve}:peak=100:desat=0`
}

/** Subtitles that are laid over on the chip. */
export function sideLine(picture: JellyfinPicture, format: string, up: readonly string[]): string[] {
  if (picture.text === 'none') return []
  if (isBitmaps(picture)) return [bitmaps(picture), `format=${format}`, ...up]
  return [nothing(picture), `format=${format}`, words(picture, true), ...up]
}

export const overlay = 'overlay=eof_action=pass:repeatlast=0'

/** Subtitles that are laid over in memory. */
export function inMemory(
  picture: JellyfinPicture,
  main: readonly string[],
  after: readonly string[] = [],
): Lines {
  if (!isBitmaps(picture))
    return { main: [...main, ...when(isWords(picture), words(picture)), ...after], side: [], join: [] }
  return { main, side: [bitmaps(picture)], join: [overlay, ...after] }
}

export function onChip(
  picture: JellyfinPicture,
  main: readonly string[],
  side: string[],
  join: readonly string[],
  end: readonly string[] = [],
): Lines {
  if (picture.text === 'none') return { main: [...main, ...end], side: [], join: [] }
  return { main, side, join: [...join, ...end] }
}
