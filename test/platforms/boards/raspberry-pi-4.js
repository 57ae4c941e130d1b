/**
 * Raspberry Pi 4 with the foundation's ffmpeg: H.264 both ways by V4L2, up to 1080p; HEVC is decoded by the request API.
 *
 * @type {import('./board.js').Board}
 */
export const board = {
  name: 'raspberry-pi-4',
  version: '5.1.9-rpt',
  devices: { drm: null },
  hwaccels: ['drm'],
  decoders: {
    h264_v4l2m2m: {
      reads: { h264: [8] },
      ...{ most: [1920, 1088], words: 'Could not find a valid device' },
    },
    drm: {
      reads: { hevc: [8, 10] },
      ...{
        most: [4096, 4096],
        words: 'Failed setup for format drm_prime: hwaccel initialisation returned error.',
      },
    },
  },
  encoders: {
    h264_v4l2m2m: {
      ...{
        makes: 'h264',
        bits: [8],
        most: [1920, 1088],
        tooLarge: 'VIDIOC_STREAMON failed on output context',
      },
      ...{
        atOnce: 2,
        tooMany: 'output VIDIOC_REQBUFS failed: Cannot allocate memory',
        keyFrames: 'interval',
      },
    },
  },
  filters: ['tonemap_paceline'],
  absent: { mpeg4_v4l2m2m: 'Could not find a valid device', hevc_v4l2m2m: 'Could not find a valid device' },
  without: ['libsvtav1'],
}
