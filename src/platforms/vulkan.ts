import type { Chip, ChipDecoder, ChipEncoder, ChipSurface, Depth } from './chip.ts'
import { vulkanOptions } from './chip-encoders.ts'
import { downloaded, frameFormats, memoryFormats, one, sizeArguments, uploaded } from './chip-filters.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { libplaceboToneMap } from './libplacebo.ts'
import { ownDecoder } from './own-decoder.ts'
import { sourceColours } from './tone-source.ts'
import { usualMachine } from './usual-machine.ts'

const both: readonly Depth[] = [8, 10]

/** FFmpeg's own decoders with Vulkan's acceleration, from 6.1 on. */
const vulkanDecoder: ChipDecoder = {
  name: 'vulkan',
  codecs: { h264: [8], hevc: both, av1: both },
  gives: 'vulkan',
  options: (codec) => [
    ...ownDecoder(codec),
    '-hwaccel',
    'vulkan',
    '-hwaccel_output_format',
    'vulkan',
    '-hwaccel_device',
    'vk',
  ],
}

/** All by libplacebo, which every FFmpeg with Vulkan has. */
const surface: ChipSurface = {
  surface: 'vulkan',
  filter(operation, depth, capabilities) {
    if (operation.kind === 'scale')
      return one('libplacebo', `${sizeArguments(operation)}:peak_detect=0`, depth)
    if (operation.kind !== 'tone-map' || depth !== 10) return null
    const map = libplaceboToneMap(operation, frameFormats[8], capabilities)
    return map === null
      ? null
      : { text: `${sourceColours(operation)},${map}`, needs: ['libplacebo'], depth: 8 }
  },
  convert: (depth) => one('libplacebo', `format=${frameFormats[depth]}:peak_detect=0`, depth),
  upload: (depth) => uploaded(depth),
  download: downloaded,
}

const vulkanEncoder: ChipEncoder = {
  family: 'vulkan',
  codecs: {
    h264: { name: 'h264_vulkan', depths: [8] },
    hevc: { name: 'hevc_vulkan', depths: both },
  },
  takes: ['vulkan'],
  memoryFormats,
  keyFrames: 'forced',
  options: vulkanOptions,
}

const decoders = [vulkanDecoder]
const encoders = [vulkanEncoder]

/** Whatever has Vulkan 1.2 and no better way of its own. */
export const vulkanChip: Chip = {
  name: 'vulkan',
  devices: () => ['-init_hw_device', 'vulkan=vk', '-filter_hw_device', 'vk'],
  decoders,
  filters: surface,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['libplacebo', 'tonemap_paceline'],
  }),
}
