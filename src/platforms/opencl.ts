import type { Capabilities } from './capabilities.ts'
import { jellyfinPeak, type ToneMap } from './tone-source.ts'

/** Curves of jellyfin-ffmpeg's filter for OpenCL. */
const openclCurves = new Set(['linear', 'gamma', 'clip', 'reinhard', 'hable', 'mobius', 'bt2390'])

/**
 * A node has proved jellyfin-ffmpeg's tone map for OpenCL, by the curve that FFmpeg's own lacks. That one goes by the mean and
 * the peak of the last 63 pictures, whatever it is told (libavfilter/opencl/tonemap.cl, detect_peak_avg): where a lease
 * begins it knows of none, and the picture would pump.
 */
export const openclBt2390 = 'tonemap_opencl:bt2390'

/** A tone map of frames of OpenCL; null for a curve that it lacks, and for FFmpeg's own filter. */
export function openclToneMap(
  operation: ToneMap,
  { filters, ffmpeg }: Pick<Capabilities, 'filters' | 'ffmpeg'>,
): string | null {
  const { curve, desaturation = 0 } = operation
  if (!openclCurves.has(curve) || !filters.includes(openclBt2390)) return null
  const to = 'format=nv12:p=bt709:t=bt709:m=bt709:r=tv'
  return `tonemap_opencl=${to}:tonemap=${curve}:peak=${jellyfinPeak(operation, ffmpeg)}:desat=${desaturation}`
}
