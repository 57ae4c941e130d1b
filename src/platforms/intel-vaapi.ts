import type { Capabilities } from './capabilities.ts'
import type { Chip, ChipEncoder } from './chip.ts'
import { vaapiOptions } from './chip-encoders.ts'
import { memoryFormats } from './chip-filters.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { usualMachine } from './usual-machine.ts'
import { intelSurface, vaapiDecoder } from './vaapi-surface.ts'

/** VAAPI's encoders, Intel's and AMD's. */
export const vaapiEncoder: ChipEncoder = {
  family: 'vaapi',
  codecs: {
    h264: { name: 'h264_vaapi', depths: [8] },
    hevc: { name: 'hevc_vaapi', depths: [8, 10] },
  },
  takes: ['vaapi'],
  memoryFormats,
  keyFrames: 'forced',
  options: vaapiOptions,
}

/** The render node, where one is named: FFmpeg takes the first that works. */
export const renderNode = ({ renderNode: path }: Capabilities): string => path ?? ''

const decoders = [vaapiDecoder]
const encoders = [vaapiEncoder]

/** Intel's graphics by VAAPI and the driver iHD. */
export const intelVaapiChip: Chip = {
  name: 'intel-vaapi',
  devices: (capabilities) => [
    ...['-init_hw_device', `vaapi=va:${renderNode(capabilities)}`, '-filter_hw_device', 'va'],
  ],
  decoders,
  filters: intelSurface,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['scale_vaapi', 'deinterlace_vaapi', 'transpose_vaapi', 'tonemap_vaapi', 'tonemap_paceline'],
  }),
}
