/**
 * What no build at hand holds, written down from its source. Words stand as they are in the source; a range is that of
 * numbers.
 */
export interface WrittenRow {
  readonly source: string
  /** By option: what it takes. */
  readonly options: Readonly<Record<string, RegExp>>
}

const rate = /^\d+$/
const count = /^\d{1,4}$/
const bt709 = /^bt709$/
const curves = /^(none|linear|gamma|clip|reinhard|hable|mobius|bt2390)$/
const direction = /^(cclock_flip|clock|cclock|clock_flip|reversal|hflip|vflip)$/

const videotoolbox: WrittenRow = {
  source: 'FFmpeg libavcodec/videotoolboxenc.c, COMMON_OPTIONS, h264_options and hevc_options',
  options: {
    ...{
      b: rate,
      g: count,
      bf: /^\d$/,
      prio_speed: /^(0|1|auto)$/,
      level: /^(13|30|31|32|40|41|42|50|51|52)$/,
    },
    profile: /^(baseline|constrained_baseline|main|high|constrained_high|extended|main10|main42210|rext)$/,
  },
}

const nvmpi: WrittenRow = {
  source: 'Keylost/jetson-ffmpeg 2b715e8 ffmpeg_dev/common/libavcodec/nvmpi_enc.c, options',
  options: {
    ...{ b: rate, maxrate: rate, bufsize: rate, g: count, bf: /^\d$/, rc: /^(cbr|vbr)$/ },
    ...{ profile: /^(baseline|main|high)$/, level: /^([0-9]|[1-5][0-9]|6[0-2])$/ },
    preset: /^(default|slow|medium|fast|ultrafast)$/,
  },
}

const nvmpiDecoder: WrittenRow = {
  source: 'Keylost/jetson-ffmpeg nvmpi_dec.c; output_format: gjrtimmer/jetson-ffmpeg v3 nvmpi_dec.c',
  options: { output_format: /^p010le$/ },
}

const nvv4l2dec: WrittenRow = { source: "NVIDIA's FFmpeg for L4T, libavcodec/nvv4l2_dec.c", options: {} }

const named = (names: string, family: string, row: WrittenRow): Record<string, WrittenRow> =>
  Object.fromEntries(names.split(' ').map((name) => [`${name}_${family}`, row]))

export const writtenEncoders: Readonly<Record<string, WrittenRow>> = {
  ...named('h264 hevc', 'videotoolbox', videotoolbox),
  ...named('h264 hevc', 'nvmpi', nvmpi),
}

export const writtenDecoders: Readonly<Record<string, WrittenRow>> = {
  ...named('h264 hevc vp8 vp9 mpeg2 mpeg4', 'nvmpi', nvmpiDecoder),
  ...named('h264 hevc vp8 vp9 mpeg2 mpeg4', 'nvv4l2dec', nvv4l2dec),
}

const size = /^[0-9a-z+*/()-]+$/

export const writtenFilters: Readonly<Record<string, WrittenRow>> = {
  tonemap_paceline_cuda: {
    source: 'native/tonemap/vf_tonemap_paceline_common.h, PACELINE_AVOPTIONS, and vf_tonemap_paceline_cuda.c',
    options: {
      ...{ tonemap: /^(bt2390|reinhard|hable|mobius|clip)$/, peak: /^\d{2,5}$/, desat: /^\d+(\.\d+)?$/ },
      ...{ format: /^(nv12|p010)$/, w: size, h: size },
    },
  },
  tonemap_paceline: {
    source: 'native/tonemap/vf_tonemap_paceline_common.h, PACELINE_AVOPTIONS, and vf_tonemap_paceline.c',
    options: { tonemap: /^(bt2390|reinhard|hable|mobius|clip)$/, peak: /^\d{2,5}$/, desat: /^\d+(\.\d+)?$/ },
  },
  libplacebo: {
    source: 'FFmpeg 5.1 libavfilter/vf_libplacebo.c, libplacebo_options',
    options: { tonemapping_mode: /^(auto|rgb|max|hybrid|luma)$/ },
  },
  tonemap_opencl: {
    source: 'jellyfin-ffmpeg debian/patches/0007-add-bt2390-eotf-and-code-refactor-to-opencl-tonemap.patch',
    options: { tonemap: curves },
  },
  scale_vt: {
    source: 'FFmpeg libavfilter/vf_scale_vt.c, scale_vt_options',
    options: { w: size, h: size, color_matrix: bt709, color_primaries: bt709, color_transfer: bt709 },
  },
  yadif_videotoolbox: {
    source: 'FFmpeg libavfilter/vf_yadif_videotoolbox.m',
    options: {
      ...{ mode: /^send_(frame|field)(_nospatial)?$/, parity: /^(tff|bff|auto)$/ },
      deint: /^(all|interlaced)$/,
    },
  },
  transpose_vt: { source: 'FFmpeg libavfilter/vf_transpose_vt.c', options: { dir: direction } },
  tonemap_videotoolbox: {
    source: 'jellyfin-ffmpeg debian/patches, the one that adds vf_tonemap_videotoolbox.m',
    options: {
      ...{ format: /^(nv12|p010)$/, p: bt709, t: bt709, m: bt709, tonemap: curves },
      ...{ peak: /^\d+(\.\d+)?$/, desat: /^\d+(\.\d+)?$/ },
    },
  },
}

/** Kinds of acceleration that only a fork has. */
export const writtenDevices: Readonly<Record<string, string>> = {
  nvtegra: 'averne/FFmpeg branch nvtegra, libavutil/hwcontext.c',
}
