import type { Chip, ChipDecoder, ChipEncoder } from './chip.ts'
import { v4l2Options } from './chip-encoders.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { usualMachine } from './usual-machine.ts'

/** The kernel's decoders that keep their own state: the Raspberry Pi 4 has H.264. */
const m2m: ChipDecoder = {
  name: 'v4l2m2m',
  codecs: { h264: [8] },
  gives: 'memory',
  options: (codec) => ['-c:v', `${codec}_v4l2m2m`],
}

/** And those that are told all of it, by the Raspberry Pi's own FFmpeg; a Pi 5 has this one alone, and no encoder. */
const request: ChipDecoder = {
  name: 'v4l2request',
  codecs: { hevc: [8, 10] },
  gives: 'memory',
  options: () => ['-hwaccel', 'drm'],
}

const encoder: ChipEncoder = {
  family: 'v4l2m2m',
  codecs: { h264: { name: 'h264_v4l2m2m', depths: [8] } },
  takes: ['memory'],
  memoryFormats: { 8: 'yuv420p', 10: 'yuv420p' },
  // The driver can be asked for one, but not for which picture: it has a queue (v4l2_m2m_enc.c).
  keyFrames: 'interval',
  options: v4l2Options,
}

const decoders = [m2m, request]
const encoders = [encoder]

/** The kernel's video devices, the Raspberry Pi 4's before all: they decode and encode, and the processor does the rest. */
export const v4l2Chip: Chip = {
  name: 'v4l2',
  devices: () => [],
  decoders,
  filters: null,
  encoders,
  usual: usualMachine(decoders, encoders, { ffmpeg: newestFacts, filters: ['tonemap_paceline'] }),
}
