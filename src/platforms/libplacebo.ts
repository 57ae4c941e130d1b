import { wordTable } from '../command/word-table.ts'
import type { Capabilities } from './capabilities.ts'
import { placeboMode } from './ffmpeg-words.ts'
import { saysItsPeak, type ToneMap } from './tone-source.ts'

/** libplacebo's names of the curves that it has (FFmpeg vf_libplacebo.c). */
const curves = wordTable<string>({
  ...{ bt2390: 'bt.2390', reinhard: 'reinhard', hable: 'hable', mobius: 'mobius' },
  ...{ clip: 'clip', linear: 'linear', gamma: 'gamma' },
})

/**
 * A tone map by libplacebo, of frames of Vulkan; null for a curve that it lacks. It takes the peak from what the pictures say
 * of the display that they were graded on, and must not look for it picture by picture: that would remember, and end with
 * the lease. Pictures in PQ that say nothing it takes for 10000 nits, and makes them far too dark.
 */
export function libplaceboToneMap(
  operation: ToneMap,
  format: string,
  { ffmpeg }: Capabilities,
): string | null {
  const name = curves[operation.curve]
  if (name === undefined || !saysItsPeak(operation)) return null
  const to = 'colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv'
  const mode = ffmpeg.lacks.includes(placeboMode) ? '' : ':tonemapping_mode=max'
  // Where the curve leaves the straight line: half as BT.2390 has it and our own filters; libplacebo would take one.
  const knee = operation.curve === 'bt2390' ? ':tonemapping_param=0.5' : ''
  const plain = 'gamut_mode=clip:dithering=none:peak_detect=0'
  return `libplacebo=tonemapping=${name}${knee}${mode}:${plain}:${to}:format=${format}`
}
