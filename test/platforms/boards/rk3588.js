const most = /** @type {const} */ ([8192, 4320])
const tooLarge = 'Failed to set encoder config'

/**
 * RK3588 with the kernel of its maker and ffmpeg-rockchip: MPP, RGA, and OpenCL of the Mali.
 *
 * @type {import('./board.js').Board}
 */
export const board = {
  name: 'rk3588',
  version: '5.1.9-Jellyfin',
  devices: { rkmpp: null, drm: null, opencl: null },
  hwaccels: ['drm', 'opencl', 'rkmpp'],
  decoders: {
    rkmpp: {
      reads: {
        h264: [8, 10],
        hevc: [8, 10],
        vp9: [8, 10],
        av1: [8, 10],
        vp8: [8],
        mpeg2video: [8],
        mpeg4: [8],
      },
      ...{ most, words: 'Failed setup for format drm_prime: hwaccel initialisation returned error.' },
    },
  },
  encoders: {
    h264_rkmpp: { makes: 'h264', bits: [8], most, tooLarge, keyFrames: 'interval' },
    hevc_rkmpp: { makes: 'hevc', bits: [8], most, tooLarge, keyFrames: 'interval' },
  },
  filters: [
    'tonemap_paceline',
    'scale_rkrga',
    'vpp_rkrga',
    'overlay_rkrga',
    'tonemap_opencl',
    'scale_opencl',
  ],
  absent: {},
  without: [],
}
