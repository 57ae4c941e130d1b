import { cuda, qsv, software, vaapi, vaapiOther, vulkan } from './jellyfin-card-filters.ts'
import { isBitmaps, type JellyfinChip, type JellyfinPicture, type Lines } from './jellyfin-lines.ts'
import { amf, apple, rkmpp } from './jellyfin-other-filters.ts'

const all = { decodes: true, encodes: true }
const uploads = { decodes: false, encodes: true }
const downloads = { decodes: true, encodes: false }

const filtersOf: Readonly<Record<JellyfinChip, (picture: JellyfinPicture) => Lines>> = {
  software: (picture) => software(picture),
  nvenc: (picture) => cuda(picture, all),
  'nvenc-upload': (picture) => cuda(picture, uploads),
  nvdec: (picture) => cuda(picture, downloads),
  'qsv-vaapi': (picture) => qsv(picture, 'vaapi', true),
  qsv: (picture) => qsv(picture, 'qsv', false),
  'qsv-upload': (picture) => qsv(picture, null, false),
  'qsv-windows': (picture) => qsv(picture, 'd3d11va', false),
  vaapi: (picture) => vaapi(picture, all, false),
  'vaapi-vpp': (picture) => vaapi(picture, all, true),
  'vaapi-upload': (picture) => vaapi(picture, uploads, true),
  'vaapi-decode': (picture) => vaapi(picture, downloads, true),
  'vaapi-other': vaapiOther,
  'vaapi-amd': (picture) => vulkan(picture, false),
  'vaapi-amd-old': (picture) => vulkan(picture, true),
  amf: (picture) => amf(picture, all),
  'amf-upload': (picture) => amf(picture, uploads),
  rkmpp: (picture) => rkmpp(picture, all),
  'rkmpp-upload': (picture) => rkmpp(picture, uploads),
  'rkmpp-decode': (picture) => rkmpp(picture, downloads),
  vt: (picture) => apple(picture, false, false),
  'vt-metal': (picture) => apple(picture, true, false),
  'vt-old': (picture) => apple(picture, true, true),
  v4l2m2m: (picture) => software(picture, 'yuv420p', 64),
}

/** `-vf` or `-filter_complex`; nothing where no filter is needed. */
export function jellyfinFilters(picture: JellyfinPicture, chip: JellyfinChip): string[] {
  const { main, side, join } = filtersOf[chip](picture)
  if (join.length === 0) return main.length === 0 ? [] : ['-vf', main.join(',')]
  const begin = isBitmaps(picture) ? (picture.text === 'external-pgs' ? '[1:0]' : '[0:3]') : ''
  const film = main.length === 0 ? '[0:0]' : '[main]'
  const filmLine = main.length === 0 ? '' : `[0:0]${main.join(',')}[main];`
  return ['-filter_complex', `${begin}${side.join(',')}[sub];${filmLine}${film}[sub]${join.join(',')}`]
}
