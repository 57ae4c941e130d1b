import type { Chip, ChipDecoder, ChipEncoder, ChipSurface, Depth } from './chip.ts'
import { amfOptions } from './chip-encoders.ts'
import { downloaded, frameFormats, memoryFormats, one, sizeArguments, uploaded } from './chip-filters.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { openclBt2390, openclToneMap } from './opencl.ts'
import { ownDecoder } from './own-decoder.ts'
import { sourceColours } from './tone-source.ts'
import { usualMachine } from './usual-machine.ts'

const both: readonly Depth[] = [8, 10]

const d3d11: ChipDecoder = {
  name: 'd3d11va',
  codecs: { h264: [8], mpeg2video: [8], vc1: [8], hevc: both, vp9: both, av1: both },
  gives: 'd3d11',
  options: (codec) => [
    ...ownDecoder(codec),
    '-hwaccel',
    'd3d11va',
    '-hwaccel_output_format',
    'd3d11',
    '-hwaccel_device',
    'dx',
  ],
}

const opencl: ChipSurface = {
  surface: 'opencl',
  maps: { d3d11: 'hwmap=derive_device=opencl:mode=read' },
  filter(operation, depth, capabilities) {
    switch (operation.kind) {
      case 'scale':
        return one('scale_opencl', sizeArguments(operation), depth)
      case 'turn':
        // The other ways are jellyfin-ffmpeg's alone.
        if (operation.how !== 'clock' && operation.how !== 'cclock') return null
        return one('transpose_opencl', `dir=${operation.how}`, depth)
      case 'tone-map': {
        const map = depth === 10 ? openclToneMap(operation, capabilities) : null
        return map === null
          ? null
          : { text: `${sourceColours(operation)},${map}`, needs: ['tonemap_opencl'], depth: 8 }
      }
      default:
        return null
    }
  },
  convert: (depth) => one('scale_opencl', `format=${frameFormats[depth]}`, depth),
  upload: (depth) => uploaded(depth),
  download: downloaded,
}

const amfEncoder: ChipEncoder = {
  family: 'amf',
  codecs: {
    h264: { name: 'h264_amf', depths: [8] },
    hevc: { name: 'hevc_amf', depths: both },
  },
  takes: ['d3d11', 'memory'],
  lift: {
    to: 'd3d11',
    text: 'hwmap=derive_device=d3d11va:mode=write:reverse=1,format=pix_fmts=d3d11',
    back: true,
  },
  memoryFormats,
  needsDevice: true,
  keyFrames: 'forced',
  options: amfOptions,
}

const decoders = [d3d11]
const encoders = [amfEncoder]

/** AMD's graphics on Windows: Direct3D decodes, OpenCL filters, AMF encodes. */
export const amfChip: Chip = {
  name: 'amf',
  devices: () => [
    ...['-init_hw_device', 'd3d11va=dx:,vendor=0x1002', '-init_hw_device', 'opencl=ocl@dx'],
    ...['-filter_hw_device', 'ocl'],
  ],
  decoders,
  filters: opencl,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['scale_opencl', 'transpose_opencl', 'tonemap_opencl', openclBt2390, 'tonemap_paceline'],
  }),
}
