import type { Chip, ChipEncoder } from './chip.ts'
import { qsvOptions } from './chip-encoders.ts'
import { memoryFormats } from './chip-filters.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { renderNode } from './intel-vaapi.ts'
import { usualMachine } from './usual-machine.ts'
import { intelSurface, vaapiDecoder } from './vaapi-surface.ts'

const qsv: ChipEncoder = {
  family: 'qsv',
  codecs: {
    h264: { name: 'h264_qsv', depths: [8] },
    hevc: { name: 'hevc_qsv', depths: [8, 10] },
  },
  takes: ['qsv', 'memory'],
  lift: { to: 'qsv', text: 'hwmap=derive_device=qsv,format=pix_fmts=qsv' },
  memoryFormats,
  needsDevice: true,
  keyFrames: 'forced',
  options: qsvOptions,
}

const decoders = [vaapiDecoder]
const encoders = [qsv]

/**
 * Intel's Quick Sync on Linux. VAAPI decodes and filters, as the same engines do for both; only the encoder is Quick
 * Sync's own, which has quality and caps at once.
 */
export const intelQsvChip: Chip = {
  name: 'intel-qsv',
  devices: (capabilities) => [
    ...['-init_hw_device', `vaapi=va:${renderNode(capabilities)},driver=iHD`],
    ...['-init_hw_device', 'qsv=qs@va', '-filter_hw_device', 'va'],
  ],
  decoders,
  filters: intelSurface,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['scale_vaapi', 'deinterlace_vaapi', 'transpose_vaapi', 'tonemap_vaapi', 'tonemap_paceline'],
  }),
}
