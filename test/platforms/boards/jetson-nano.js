/**
 * Jetson Nano (T210) with L4T r32: Keylost's nvmpi for the encoder and for eight bits, averne's nvtegra for ten (HEVC
 * alone: its VP9 has eight). CUDA's filters work; the libraries of NVDEC and NVENC do not exist.
 *
 * @type {import('./board.js').Board}
 */
export const board = {
  name: 'jetson-nano',
  version: '5.1.9-nvmpi',
  devices: { cuda: null },
  hwaccels: ['cuda', 'nvtegra'],
  decoders: {
    ...Object.fromEntries(
      Object.entries({
        h264: 'h264',
        hevc: 'hevc',
        vp8: 'vp8',
        vp9: 'vp9',
        mpeg2video: 'mpeg2',
        mpeg4: 'mpeg4',
      }).map(([codec, short]) => [
        `${short}_nvmpi`,
        // The 10-bit trap: deep films come out with eight.
        {
          reads: { [codec]: codec === 'hevc' ? [8, 10] : [8] },
          gives: 8,
          most: [4096, 4096],
          words: 'Invalid Pix_FMT for NVMPI',
        },
      ]),
    ),
    nvtegra: {
      reads: { hevc: [8, 10], h264: [8], vp8: [8], vp9: [8], mpeg2video: [8], mpeg4: [8] },
      ...{
        most: [4096, 4096],
        words: 'Failed setup for format nvtegra: hwaccel initialisation returned error.',
      },
    },
  },
  encoders: {
    h264_nvmpi: nvmpi('h264'),
    hevc_nvmpi: nvmpi('hevc'),
  },
  filters: ['tonemap_paceline', 'scale_cuda', 'hwupload_cuda', 'yadif_cuda', 'overlay_cuda'],
  absent: {
    h264_nvenc: 'Cannot load libnvidia-encode.so.1',
    hevc_nvenc: 'Cannot load libnvidia-encode.so.1',
    'cuda decoding': 'Cannot load libnvcuvid.so.1',
  },
  without: ['libsvtav1'],
}

/** @param {'h264' | 'hevc'} makes @returns {import('./board.js').Encoder} */
function nvmpi(makes) {
  return {
    ...{
      makes,
      bits: [8],
      most: [4096, 4096],
      tooLarge: 'NVMPI: reqbufs failed for output plane',
      keyFrames: 'interval',
    },
    // NVIDIA's data sheet: four times 1080p at 30 pictures a second.
    ...{ atOnce: 4, tooMany: 'NVMPI: could not open the encoder device' },
  }
}
