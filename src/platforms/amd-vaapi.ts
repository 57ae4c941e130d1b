import type { Chip } from './chip.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { vaapiEncoder } from './intel-vaapi.ts'
import { libplaceboToneMap } from './libplacebo.ts'
import { sourceColours } from './tone-source.ts'
import { usualMachine } from './usual-machine.ts'
import { vaapiDecoder, vaapiSurface } from './vaapi-surface.ts'

/**
 * Mesa has no tone map: frames go to Vulkan, whose driver reads them where they are, and come back as RGB, which is what
 * both sides can exchange (Jellyfin's EncodingHelper, GetAmdVaapiFullVidFiltersPrefered).
 */
const surface = vaapiSurface((operation, capabilities) => {
  const map = libplaceboToneMap(operation, 'bgra', capabilities)
  if (map === null) return null
  const back = 'hwmap=derive_device=vaapi:reverse=1,scale_vaapi=format=nv12'
  return {
    text: `${sourceColours(operation)},hwmap=derive_device=vulkan,${map},${back}`,
    needs: ['libplacebo', 'scale_vaapi'],
    depth: 8,
  }
})

/** Only devices that come from the same node share frames; nearly every machine has one, with this name. */
const usualNode = '/dev/dri/renderD128'

const decoders = [vaapiDecoder]
const encoders = [vaapiEncoder]

/** AMD's graphics on Linux: VAAPI by Mesa, and Vulkan for HDR. */
export const amdVaapiChip: Chip = {
  name: 'amd-vaapi',
  devices: ({ renderNode }) => [
    ...['-init_hw_device', `drm=dr:${renderNode ?? usualNode}`],
    ...['-init_hw_device', 'vaapi=va@dr', '-init_hw_device', 'vulkan=vk@dr', '-filter_hw_device', 'va'],
  ],
  decoders,
  filters: surface,
  encoders,
  usual: usualMachine(decoders, encoders, {
    ffmpeg: newestFacts,
    filters: ['scale_vaapi', 'deinterlace_vaapi', 'transpose_vaapi', 'libplacebo', 'tonemap_paceline'],
  }),
}
