import type { Capabilities } from '../../../src/platforms/capabilities.ts'
import { debianFacts } from '../../../src/platforms/ffmpeg-words.ts'
import type { BoardName } from './make-board.ts'

/** What boards prove, so that tests need not wait for it; boards.long.test.ts finds that it is what they prove. */
interface Proved {
  readonly board: BoardName
  readonly chip: string
  /** `decoder codec bits`, in the order in which they are tried. */
  readonly decoders: string
  /** `encoder bits` */
  readonly encoders: string
  readonly filters: string
}

const intel = {
  decoders: `vaapi h264 8, vaapi hevc 8, vaapi mpeg2video 8, vaapi vp8 8, vaapi hevc 10, vaapi vp9 8, vaapi vp9 10,
    vaapi av1 8, vaapi av1 10`,
  filters: 'scale_vaapi deinterlace_vaapi transpose_vaapi tonemap_vaapi',
}

export const provedOfBoards: readonly Proved[] = [
  {
    ...{ board: 'jetson-nano', chip: 'jetson', filters: 'scale_cuda yadif_cuda' },
    decoders: `nvtegra hevc 8, nvtegra h264 8, nvmpi h264 8, nvmpi hevc 8, nvtegra hevc 10, nvtegra vp8 8, nvtegra vp9 8,
      nvtegra mpeg2video 8, nvtegra mpeg4 8, nvmpi hevc 10, nvmpi vp8 8, nvmpi vp9 8, nvmpi mpeg2video 8, nvmpi mpeg4 8`,
    encoders: 'h264_nvmpi 8, hevc_nvmpi 8',
  },
  {
    ...{ board: 'orin-nano', chip: 'jetson', encoders: '', filters: 'scale_cuda yadif_cuda' },
    decoders: `nvv4l2dec h264 8, nvv4l2dec hevc 8, nvv4l2dec vp8 8, nvv4l2dec vp9 8, nvv4l2dec mpeg2video 8,
      nvv4l2dec mpeg4 8`,
  },
  { board: 'n100', chip: 'intel-qsv', ...intel, encoders: 'h264_qsv 8, hevc_qsv 8, hevc_qsv 10' },
  { board: 'n100', chip: 'intel-vaapi', ...intel, encoders: 'h264_vaapi 8, hevc_vaapi 8, hevc_vaapi 10' },
  {
    ...{ board: 'raspberry-pi-4', chip: 'v4l2', filters: '', encoders: 'h264_v4l2m2m 8' },
    decoders: 'v4l2m2m h264 8, v4l2request hevc 8, v4l2request hevc 10',
  },
  {
    ...{ board: 'rk3588', chip: 'rockchip', encoders: 'h264_rkmpp 8, hevc_rkmpp 8' },
    decoders: `rkmpp h264 8, rkmpp hevc 8, rkmpp h264 10, rkmpp hevc 10, rkmpp vp9 8, rkmpp vp9 10, rkmpp av1 8,
      rkmpp av1 10, rkmpp vp8 8, rkmpp mpeg2video 8, rkmpp mpeg4 8`,
    filters: 'scale_rkrga vpp_rkrga tonemap_opencl tonemap_opencl:bt2390',
  },
  {
    ...{
      board: 'mac',
      chip: 'apple',
      encoders: 'h264_videotoolbox 8, hevc_videotoolbox 8, hevc_videotoolbox 10',
    },
    decoders: `videotoolbox h264 8, videotoolbox hevc 8, videotoolbox hevc 10, videotoolbox mpeg2video 8,
      videotoolbox mpeg4 8`,
    filters: 'scale_vt yadif_videotoolbox transpose_vt tonemap_videotoolbox',
  },
]

const rows = (text: string): string[][] =>
  text.split(',').flatMap((row) => (row.trim() === '' ? [] : [row.trim().split(' ')]))

/** As a node tells it. */
export function capabilitiesOf(board: BoardName, chip?: string): Capabilities & { readonly chip: string } {
  const proved = provedOfBoards.find((one) => one.board === board && (chip ?? one.chip) === one.chip)!
  return {
    ...{ chip: proved.chip, fingerprint: `${board} of a test`, ffmpeg: debianFacts },
    decoders: rows(proved.decoders).map(([name, codec, bits]) => ({
      name: name!,
      codec: codec!,
      bits: Number(bits),
    })),
    encoders: rows(proved.encoders).map(([name, bits]) => ({ name: name!, bits: Number(bits) })),
    filters: [...proved.filters.split(' ').filter((name) => name !== ''), 'tonemap_paceline'],
  }
}
