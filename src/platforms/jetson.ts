import { wordTable } from '../command/word-table.ts'
import type { Chip, ChipDecoder, ChipEncoder, Depth } from './chip.ts'
import { nvmpiOptions } from './chip-encoders.ts'
import { cudaFilters } from './cuda-filters.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { usualMachine } from './usual-machine.ts'

/**
 * NVIDIA's boards. They have CUDA, but neither the library of NVDEC nor that of NVENC that desktops have; what there is
 * instead copies every picture to memory. Which of it a board has is for the board to prove: an Orin Nano has no encoder.
 */

const both: readonly Depth[] = [8, 10]

/** Decoders by what comes before their names' underscore, by FFmpeg's name of the codec. */
const shortNames = wordTable<string>({ mpeg2video: 'mpeg2' })
const named = (codec: string, family: string): readonly string[] => [
  '-c:v',
  `${shortNames[codec] ?? codec}_${family}`,
]

/** FFmpeg's own decoders on the Tegra X1's engine, with all ten bits (averne's branch; Nano and TX1). */
const nvtegra: ChipDecoder = {
  name: 'nvtegra',
  codecs: { hevc: both, h264: [8], vp8: [8], vp9: [8], mpeg2video: [8], mpeg4: [8], vc1: [8] },
  gives: 'memory',
  options: () => ['-hwaccel', 'nvtegra'],
}

/** gjrtimmer's nvmpi, version 3, gives ten bits when it is told to (Xavier and Orin). */
const nvmpiDeep: ChipDecoder = {
  name: 'nvmpi-p010',
  codecs: { hevc: [10] },
  gives: 'memory',
  options: (codec) => [...named(codec, 'nvmpi'), '-output_format', 'p010le'],
}

/** jocover's nvmpi and Keylost's: eight bits whatever the film has. */
const nvmpi: ChipDecoder = {
  name: 'nvmpi',
  codecs: { h264: [8], hevc: both, vp8: [8], vp9: both, mpeg2video: [8], mpeg4: [8] },
  gives: 'memory',
  depth: 8,
  options: (codec) => named(codec, 'nvmpi'),
}

/** NVIDIA's own FFmpeg for its boards, which decodes and no more. */
const nvv4l2: ChipDecoder = {
  name: 'nvv4l2dec',
  codecs: { h264: [8], hevc: [8], vp8: [8], vp9: [8], mpeg2video: [8], mpeg4: [8] },
  gives: 'memory',
  depth: 8,
  options: (codec) => named(codec, 'nvv4l2dec'),
}

const nvmpiEncoder: ChipEncoder = {
  family: 'nvmpi',
  codecs: { h264: { name: 'h264_nvmpi', depths: [8] }, hevc: { name: 'hevc_nvmpi', depths: [8] } },
  takes: ['memory'],
  memoryFormats: { 8: 'yuv420p', 10: 'yuv420p' },
  // No picture can be told to be one; groups are counted (nvmpi_enc.c: idr_interval is the length of a group).
  keyFrames: 'interval',
  options: nvmpiOptions,
}

const decoders = [nvtegra, nvmpiDeep, nvmpi, nvv4l2]
const encoders = [nvmpiEncoder]

export const jetsonChip: Chip = {
  name: 'jetson',
  devices: () => ['-init_hw_device', 'cuda=cu:0', '-filter_hw_device', 'cu'],
  decoders,
  filters: cudaFilters,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['scale_cuda', 'yadif_cuda', 'tonemap_paceline_cuda', 'tonemap_paceline'],
  }),
}
