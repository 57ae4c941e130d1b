import type { Chip, ChipDecoder, ChipEncoder, Depth } from './chip.ts'
import { nvencOptions } from './chip-encoders.ts'
import { memoryFormats } from './chip-filters.ts'
import { cudaFilters } from './cuda-filters.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { ownDecoder } from './own-decoder.ts'
import { usualMachine } from './usual-machine.ts'

const both: readonly Depth[] = [8, 10]

/** Frames that the chain and the encoder hold beside those of the decoder (FFmpeg nvdec.c counts its own). */
const framesBeside = '8'

/** NVDEC through FFmpeg's own decoders: where it cannot, they go on in memory, the filters fail, and the next rung has it. */
const nvdec: ChipDecoder = {
  name: 'nvdec',
  codecs: {
    ...{ h264: [8], mpeg2video: [8], mpeg4: [8], vc1: [8], vp8: [8] },
    ...{ hevc: both, vp9: both, av1: both },
  },
  gives: 'cuda',
  options: (codec) => [
    ...ownDecoder(codec),
    ...['-hwaccel', 'cuda', '-hwaccel_output_format', 'cuda', '-hwaccel_device', 'cu'],
    ...['-extra_hw_frames', framesBeside, '-threads', '1'],
  ],
}

const nvenc: ChipEncoder = {
  family: 'nvenc',
  codecs: {
    h264: { name: 'h264_nvenc', depths: [8] },
    hevc: { name: 'hevc_nvenc', depths: both },
  },
  takes: ['cuda', 'memory'],
  memoryFormats,
  keyFrames: 'forced',
  options: nvencOptions,
}

const decoders = [nvdec]
const encoders = [nvenc]

/** NVIDIA's cards in desktops and servers: NVDEC, CUDA, NVENC. */
export const nvidiaChip: Chip = {
  name: 'nvidia',
  devices: () => ['-init_hw_device', 'cuda=cu:0', '-filter_hw_device', 'cu'],
  decoders,
  filters: cudaFilters,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['scale_cuda', 'yadif_cuda', 'bwdif_cuda', 'tonemap_paceline_cuda', 'tonemap_paceline'],
  }),
}
