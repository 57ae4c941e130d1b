import { jellyfinPeakNits, peakOf, type ToneMap } from './paceline-tone-map.ts'

/** Curves of FFmpeg's own filter for OpenCL; jellyfin-ffmpeg's has that of BT.2390 too, which a node proves by itself. */
const openclCurves = new Set(['linear', 'gamma', 'clip', 'reinhard', 'hable', 'mobius'])

/** A node has proved jellyfin-ffmpeg's tone map for OpenCL. */
export const openclBt2390 = 'tonemap_opencl:bt2390'

/** FFmpeg's own filter counts its peak in its white of 100 nits (ff_determine_signal_peak). */
const ownPeakNits = 100

/** A tone map of frames of OpenCL; null for a curve that this FFmpeg lacks. */
export function openclToneMap(operation: ToneMap, filters: readonly string[]): string | null {
  const { curve, desaturation = 0 } = operation
  const isJellyfins = filters.includes(openclBt2390)
  if (!openclCurves.has(curve) && !(curve === 'bt2390' && isJellyfins)) return null
  const to = 'format=nv12:p=bt709:t=bt709:m=bt709:r=tv'
  const peak = Number((peakOf(operation) / (isJellyfins ? jellyfinPeakNits : ownPeakNits)).toFixed(3))
  return `tonemap_opencl=${to}:tonemap=${curve}:peak=${peak}:desat=${desaturation}`
}
