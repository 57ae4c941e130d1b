import { amdVaapiChip } from './amd-vaapi.ts'
import { amfChip } from './amf.ts'
import { appleChip } from './apple.ts'
import type { Chip } from './chip.ts'
import { intelQsvChip } from './intel-qsv.ts'
import { intelVaapiChip } from './intel-vaapi.ts'
import { jetsonChip } from './jetson.ts'
import { nvidiaChip } from './nvidia.ts'
import { rockchipChip } from './rockchip.ts'
import { v4l2Chip } from './v4l2.ts'
import { vulkanChip } from './vulkan.ts'

/** Every kind of hardware there are tables of, best first where a machine has several. */
export const chips: readonly Chip[] = [
  nvidiaChip,
  jetsonChip,
  intelQsvChip,
  intelVaapiChip,
  amdVaapiChip,
  amfChip,
  rockchipChip,
  appleChip,
  v4l2Chip,
  vulkanChip,
]
