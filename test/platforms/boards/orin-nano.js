/**
 * Orin Nano (T234), JetPack 6, with NVIDIA's own ffmpeg, which decodes and no more: the module has no encoder at all.
 *
 * @type {import('./board.js').Board}
 */
export const board = {
  name: 'orin-nano',
  version: '5.1.9-nvidia',
  devices: { cuda: null },
  hwaccels: ['cuda'],
  decoders: Object.fromEntries(
    Object.entries({
      h264: 'h264',
      hevc: 'hevc',
      vp8: 'vp8',
      vp9: 'vp9',
      mpeg2video: 'mpeg2',
      mpeg4: 'mpeg4',
    }).map(([codec, short]) => [
      `${short}_nvv4l2dec`,
      { reads: { [codec]: [8] }, gives: 8, most: [8192, 8192], words: 'nvv4l2dec: unsupported pixel format' },
    ]),
  ),
  encoders: {},
  filters: ['tonemap_paceline', 'scale_cuda', 'hwupload_cuda', 'yadif_cuda', 'overlay_cuda'],
  absent: {
    h264_nvenc: 'Cannot load libnvidia-encode.so.1',
    hevc_nvenc: 'Cannot load libnvidia-encode.so.1',
    'cuda decoding': 'Cannot load libnvcuvid.so.1',
  },
  without: ['libsvtav1'],
}
