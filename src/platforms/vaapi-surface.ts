import type { Capabilities } from './capabilities.ts'
import type { ChipDecoder, ChipFilter, ChipSurface, Depth } from './chip.ts'
import { directions, downloaded, frameFormats, one, sizeArguments, uploaded } from './chip-filters.ts'
import { ownDecoder } from './own-decoder.ts'
import { saysItsPeak, sourceColours, type ToneMap } from './tone-source.ts'

/** What Intel and AMD have in common by VAAPI. */

const both: readonly Depth[] = [8, 10]

/** Frames that the chain and the encoder hold beside those of the decoder. */
const framesBeside = '16'

/** FFmpeg's own decoders with VAAPI's acceleration. */
export const vaapiDecoder: ChipDecoder = {
  name: 'vaapi',
  codecs: { ...{ h264: [8], mpeg2video: [8], vc1: [8], vp8: [8] }, ...{ hevc: both, vp9: both, av1: both } },
  gives: 'vaapi',
  options: (codec) => [
    ...ownDecoder(codec),
    ...['-hwaccel', 'vaapi', '-hwaccel_output_format', 'vaapi', '-hwaccel_device', 'va'],
    ...['-extra_hw_frames', framesBeside],
  ],
}

/** What VAAPI's post processing does on both; a tone map is each one's own. */
export function vaapiSurface(
  toneMap: (operation: ToneMap, capabilities: Capabilities) => ChipFilter | null,
): ChipSurface {
  return {
    surface: 'vaapi',
    filter(operation, depth, capabilities) {
      switch (operation.kind) {
        case 'scale':
          return one('scale_vaapi', sizeArguments(operation), depth)
        case 'deinterlace': {
          const rate = operation.fieldRate ? 'field' : 'frame'
          return one('deinterlace_vaapi', `rate=${rate}:auto=${operation.markedOnly ? 1 : 0}`, depth)
        }
        case 'turn':
          return one('transpose_vaapi', `dir=${directions[operation.how]}`, depth)
        case 'tone-map':
          return depth === 10 ? toneMap(operation, capabilities) : null
        default:
          return null
      }
    },
    convert: (depth) => one('scale_vaapi', `format=${frameFormats[depth]}`, depth),
    upload: (depth) => uploaded(depth),
    download: downloaded,
  }
}

/**
 * Intel's tone map is its own: no curve, and HDR10 alone, whose pictures say what display they were graded on: of others
 * it says "No mastering display data from input" (FFmpeg vf_tonemap_vaapi.c).
 */
export const intelSurface: ChipSurface = vaapiSurface((operation) =>
  operation.transfer === 'pq' && saysItsPeak(operation)
    ? {
        text: `${sourceColours(operation)},tonemap_vaapi=format=nv12:p=bt709:t=bt709:m=bt709:extra_hw_frames=32`,
        needs: ['tonemap_vaapi'],
        depth: 8,
      }
    : null,
)
