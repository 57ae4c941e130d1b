import { wordTable } from '../command/word-table.ts'

/** Formats that say in which chip's memory a picture lies, not how it looks. */
const surfaces: ReadonlySet<string> = new Set(
  'vaapi cuda qsv opencl vulkan drm_prime d3d11 d3d11va_vld d3d12 dxva2_vld videotoolbox_vld mediacodec same'.split(
    ' ',
  ),
)

/** The same pictures with their planes in another order, as chips lay them. */
const plainNames = wordTable<string>({
  ...{ nv12: 'yuv420p', nv21: 'yuv420p', yuvj420p: 'yuv420p' },
  ...{ p010: 'yuv420p10le', p010le: 'yuv420p10le', yuv420p10: 'yuv420p10le', nv15: 'yuv420p10le' },
  ...{ p012: 'yuv420p12le', p012le: 'yuv420p12le', yuv420p12: 'yuv420p12le' },
  ...{ nv16: 'yuv422p', yuyv422: 'yuv422p', p210: 'yuv422p10le', p210le: 'yuv422p10le', y210: 'yuv422p10le' },
})

/** A choice of formats as software names them, none twice; empty where it is about a chip's memory alone. */
export function plainFormats(pixelFormats: readonly string[]): readonly string[] {
  const pictures = pixelFormats.filter((name) => !surfaces.has(name))
  return [...new Set(pictures.map((name) => plainNames[name] ?? name))]
}

/** Bits of each sample of a plain format; 8 unless the name says more. */
export function formatBits(name: string): number {
  if (/^gbra?pf32/.test(name)) return 32
  return Number(/(?:p|rgb)(9|10|12|14|16)(?:le|be)?$/.exec(name)?.[1] ?? 8)
}

/** Whether nothing is lost on the way through one format to another. */
export function holdsAll(through: string, to: string): boolean {
  return formatBits(through) >= formatBits(to) && colorLines(through) >= colorLines(to)
}

/** How finely colours are kept: 1 for one of four pixels, 2 for one of two, 3 for all. */
function colorLines(name: string): number {
  if (/^gray/.test(name)) return 0
  if (/420/.test(name)) return 1
  return /422/.test(name) ? 2 : 3
}
