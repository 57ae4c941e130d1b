import type { Chip, ChipDecoder, ChipEncoder, ChipSurface, Depth } from './chip.ts'
import { rkmppOptions } from './chip-encoders.ts'
import { directions, frameFormats, memoryFormats, one, sizeArguments, uploaded } from './chip-filters.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { openclBt2390, openclToneMap } from './opencl.ts'
import { sourceColours } from './tone-source.ts'
import { usualMachine } from './usual-machine.ts'

const both: readonly Depth[] = [8, 10]

const rkmppDecoder: ChipDecoder = {
  name: 'rkmpp',
  codecs: {
    ...{ h264: both, hevc: both, vp9: both, av1: both },
    ...{ vp8: [8], mpeg1video: [8], mpeg2video: [8], mpeg4: [8] },
  },
  gives: 'drm_prime',
  options: () => ['-hwaccel', 'rkmpp', '-hwaccel_output_format', 'drm_prime', '-hwaccel_device', 'rk'],
}

/** Ten bits come packed, four samples in five bytes, which only the scaler reads. */
const unpacked = 'scale_rkrga=format=p010'

const rga: ChipSurface = {
  surface: 'drm_prime',
  filter(operation, depth, capabilities) {
    switch (operation.kind) {
      case 'scale':
        return one('scale_rkrga', `${sizeArguments(operation)}:format=${frameFormats[depth]}`, depth)
      case 'turn':
        return one('vpp_rkrga', `transpose=${directions[operation.how]}:format=${frameFormats[depth]}`, depth)
      case 'tone-map': {
        const map = openclToneMap(operation, capabilities)
        if (map === null || depth !== 10) return null
        const back = 'hwmap=derive_device=rkmpp:reverse=1,format=pix_fmts=drm_prime'
        return {
          text: `${unpacked},${sourceColours(operation)},hwmap=derive_device=opencl,${map},${back}`,
          needs: ['scale_rkrga', 'tonemap_opencl'],
          depth: 8,
        }
      }
      default:
        return null
    }
  },
  convert: (depth) => one('scale_rkrga', `format=${frameFormats[depth]}`, depth),
  upload: (depth) => uploaded(depth),
  download: (depth) =>
    `${depth === 10 ? `${unpacked},` : ''}hwdownload,format=pix_fmts=${memoryFormats[depth]}`,
}

const rkmppEncoder: ChipEncoder = {
  family: 'rkmpp',
  codecs: { h264: { name: 'h264_rkmpp', depths: [8] }, hevc: { name: 'hevc_rkmpp', depths: [8] } },
  takes: ['drm_prime', 'memory'],
  memoryFormats,
  // It can be asked for one, but by the way: the request reaches whichever picture the engine takes next (rkmppenc.c).
  keyFrames: 'interval',
  options: rkmppOptions,
}

const decoders = [rkmppDecoder]
const encoders = [rkmppEncoder]

/** Rockchip's RK3588 and its like by ffmpeg-rockchip: MPP decodes and encodes, RGA scales, the Mali maps tones. */
export const rockchipChip: Chip = {
  name: 'rockchip',
  devices: () => ['-init_hw_device', 'rkmpp=rk', '-filter_hw_device', 'rk'],
  decoders,
  filters: rga,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['scale_rkrga', 'vpp_rkrga', 'tonemap_opencl', openclBt2390, 'tonemap_paceline'],
  }),
}
