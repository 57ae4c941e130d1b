const most = /** @type {const} */ ([8192, 8192])
const words = 'Failed setup for format vaapi: hwaccel initialisation returned error.'
const tooLarge = 'Hardware does not support encoding at size'

/**
 * Intel N100 (Gen 12) with jellyfin-ffmpeg: Quick Sync and VAAPI; no AV1 encoder.
 *
 * @type {import('./board.js').Board}
 */
export const board = {
  name: 'n100',
  version: '5.1.9-Jellyfin',
  devices: { vaapi: null, qsv: null, drm: null, opencl: null },
  hwaccels: ['vaapi', 'qsv', 'drm', 'opencl'],
  decoders: {
    vaapi: {
      reads: { h264: [8], hevc: [8, 10], vp9: [8, 10], av1: [8, 10], mpeg2video: [8], vp8: [8] },
      ...{ most, words },
    },
  },
  encoders: {
    h264_qsv: { makes: 'h264', bits: [8], most: [4096, 4096], tooLarge, keyFrames: 'forced' },
    hevc_qsv: { makes: 'hevc', bits: [8, 10], most, tooLarge, keyFrames: 'forced' },
    h264_vaapi: { makes: 'h264', bits: [8], most: [4096, 4096], tooLarge, keyFrames: 'forced' },
    hevc_vaapi: { makes: 'hevc', bits: [8, 10], most, tooLarge, keyFrames: 'forced' },
  },
  filters: [
    'tonemap_paceline',
    'scale_vaapi',
    'deinterlace_vaapi',
    'transpose_vaapi',
    'tonemap_vaapi',
    'overlay_vaapi',
    'vpp_qsv',
  ],
  absent: { av1_qsv: 'Error initializing the encoder: unsupported (-3)' },
  without: [],
}
