import { peakOf, type ToneMap } from './paceline-tone-map.ts'

/** Curves of FFmpeg's own filter for OpenCL; jellyfin-ffmpeg's has that of BT.2390 too, which a node proves by itself. */
const openclCurves = new Set(['linear', 'gamma', 'clip', 'reinhard', 'hable', 'mobius'])

/** A node has proved jellyfin-ffmpeg's tone map for OpenCL. */
export const openclBt2390 = 'tonemap_opencl:bt2390'

/** A tone map of frames of OpenCL; null for a curve that this FFmpeg lacks. Its peak is in units of 100 nits. */
export function openclToneMap(operation: ToneMap, filters: readonly string[]): string | null {
  const { curve, desaturation = 0 } = operation
  const has = openclCurves.has(curve) || (curve === 'bt2390' && filters.includes(openclBt2390))
  if (!has) return null
  const to = 'format=nv12:p=bt709:t=bt709:m=bt709:r=tv'
  return `tonemap_opencl=${to}:tonemap=${curve}:peak=${peakOf(operation) / 100}:desat=${desaturation}`
}
