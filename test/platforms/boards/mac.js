const most = /** @type {const} */ ([8192, 4320])
const tooLarge = 'Error: cannot create compression session: -12902'

/**
 * A Mac with an M1 and jellyfin-ffmpeg: VideoToolbox both ways, the Metal tone map; VP9 and AV1 are decoded by the
 * processor.
 *
 * @type {import('./board.js').Board}
 */
export const board = {
  name: 'mac',
  version: '5.1.9-Jellyfin',
  devices: { videotoolbox: null },
  hwaccels: ['videotoolbox'],
  decoders: {
    videotoolbox: {
      reads: { h264: [8], hevc: [8, 10], mpeg2video: [8], mpeg4: [8] },
      ...{ most, words: 'Failed setup for format videotoolbox_vld: hwaccel initialisation returned error.' },
    },
  },
  encoders: {
    h264_videotoolbox: { makes: 'h264', bits: [8], most: [4096, 2304], tooLarge, keyFrames: 'forced' },
    hevc_videotoolbox: { makes: 'hevc', bits: [8, 10], most, tooLarge, keyFrames: 'forced' },
  },
  filters: [
    'tonemap_paceline',
    'scale_vt',
    'yadif_videotoolbox',
    'transpose_vt',
    'tonemap_videotoolbox',
    'overlay_videotoolbox',
  ],
  absent: {},
  without: [],
}
