import type { FfmpegFacts } from './capabilities.ts'
import type { Chip, ChipDecoder, ChipEncoder, ChipSurface, Depth } from './chip.ts'
import { videotoolboxOptions } from './chip-encoders.ts'
import {
  directions,
  downloaded,
  fieldArguments,
  frameFormats,
  memoryFormats,
  one,
  uploaded,
} from './chip-filters.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { ownDecoder } from './own-decoder.ts'
import { jellyfinPeak, sourceColours, type ToneMap } from './tone-source.ts'
import { usualMachine } from './usual-machine.ts'

const both: readonly Depth[] = [8, 10]

const videotoolboxDecoder: ChipDecoder = {
  name: 'videotoolbox',
  codecs: { h264: both, hevc: both, vp9: both, av1: both, mpeg2video: [8], mpeg4: [8] },
  gives: 'videotoolbox_vld',
  options: (codec) => [
    ...ownDecoder(codec),
    '-hwaccel',
    'videotoolbox',
    '-hwaccel_output_format',
    'videotoolbox_vld',
  ],
}

const surface: ChipSurface = {
  surface: 'videotoolbox_vld',
  filter(operation, depth, { filters, ffmpeg }) {
    switch (operation.kind) {
      case 'scale':
        // It rounds sides to nothing but even.
        if (operation.divisibleBy !== undefined && operation.divisibleBy !== 2) return null
        return one('scale_vt', `w=${operation.width}:h=${operation.height}`, depth)
      case 'deinterlace':
        return operation.method === 'yadif'
          ? one('yadif_videotoolbox', fieldArguments(operation), depth)
          : null
      case 'turn':
        return one('transpose_vt', `dir=${directions[operation.how]}`, depth)
      case 'tone-map':
        return filters.includes('tonemap_videotoolbox')
          ? metalToneMap(operation, ffmpeg)
          : systemToneMap(operation)
      default:
        return null
    }
  },
  // The system's encoder reads either; there is no filter that only changes the depth.
  convert: (depth) => ({
    text: `hwdownload,format=pix_fmts=${frameFormats[depth]},hwupload`,
    needs: [],
    depth,
  }),
  upload: (depth) => uploaded(depth),
  download: downloaded,
}

/** jellyfin-ffmpeg's, by Metal, with the curves that all have. */
function metalToneMap(operation: ToneMap, ffmpeg: FfmpegFacts): ReturnType<ChipSurface['filter']> {
  const { curve, desaturation = 0 } = operation
  const how = `tonemap=${curve}:peak=${jellyfinPeak(operation, ffmpeg)}:desat=${desaturation}`
  const text = `${sourceColours(operation)},tonemap_videotoolbox=format=nv12:p=bt709:t=bt709:m=bt709:${how}`
  return { text, needs: ['tonemap_videotoolbox'], depth: 8 }
}

/** The system's own, whatever curve it takes: asked for BT.709, its scaler maps tones. */
function systemToneMap(operation: ToneMap): ReturnType<ChipSurface['filter']> {
  const to = 'color_matrix=bt709:color_primaries=bt709:color_transfer=bt709'
  return { text: `${sourceColours(operation)},scale_vt=${to}`, needs: ['scale_vt'], depth: 8 }
}

const videotoolboxEncoder: ChipEncoder = {
  family: 'videotoolbox',
  codecs: {
    h264: { name: 'h264_videotoolbox', depths: [8] },
    hevc: { name: 'hevc_videotoolbox', depths: both },
  },
  takes: ['videotoolbox_vld', 'memory'],
  memoryFormats,
  keyFrames: 'forced',
  options: videotoolboxOptions,
}

const decoders = [videotoolboxDecoder]
const encoders = [videotoolboxEncoder]

/** Apple's machines: one chip, one memory, and the system's own frameworks. */
export const appleChip: Chip = {
  name: 'apple',
  devices: () => ['-init_hw_device', 'videotoolbox=vt', '-filter_hw_device', 'vt'],
  decoders,
  filters: surface,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['scale_vt', 'yadif_videotoolbox', 'transpose_vt', 'tonemap_paceline'],
  }),
}
