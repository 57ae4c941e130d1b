/** What of x264 and x265 may be tuned: everything but what reads or writes a file (stats, qpfile, csv, recon, ...). */
const tunings: ReadonlySet<string> = new Set(
  `8x8dct amp aq-mode aq-motion aq-strength asm aud b-adapt b-bias b-intra b-pyramid bframe-bias bframes bitrate
  bluray-compat cabac cbqpoffs chroma-qp-offset chromaloc colormatrix colorprim cplxblur crf crf-max crf-min crqpoffs
  ctu cutree deadzone-inter deadzone-intra deblock direct early-skip fast-intra fast-pskip filler force-cfr frame-threads
  fullrange gop-lookahead hdr10 hdr10-opt high-tier hrd info interlaced intra-refresh ipratio keyint level limit-modes
  limit-refs limit-tu log-level lookahead-slices lookahead-threads master-display max-cll max-merge max-tu-size
  maxrate me me-range mbtree merange min-cu-size min-keyint mixed-refs mvrange nal-hrd nr open-gop partitions pbratio
  pools psy psy-rd psy-rdoq qblur qcomp qp qpmax qpmin qpstep qp-max qp-min rc-lookahead rd rdoq-level rdpenalty rect ref
  repeat-headers rskip rskip-edge-threshold sao scenecut sliced-threads slices strong-intra-smoothing subme sync-lookahead
  temporal-mvp threads tier transfer trellis tskip tu-inter-depth tu-intra-depth vbv-bufsize vbv-init vbv-maxrate
  videoformat weightb weightp wpp zones chroma-me dct-decimate uhd-bd idr-recovery-sei`.split(/\s+/),
)

/** Whether a name and value of `-x264opts` or `-x265-params` may stand there; a switch has no value. */
export function isAllowedTuning(name: string, value: string | null): boolean {
  const plain = name.replaceAll('_', '-')
  if (!tunings.has(plain) && !tunings.has(plain.replace(/^no-/, ''))) return false
  return value === null || /^[A-Za-z0-9_.,=+()-]{1,100}$/.test(value)
}

/** What of SVT-AV1 may be tuned: how it works, and nothing that names a file. */
const av1Tunings: ReadonlySet<string> = new Set(
  `aq-mode enable-dlf enable-cdef enable-overlays enable-qm enable-restoration enable-tf enable-variance-boost fast-decode
  film-grain film-grain-denoise keyint lookahead lp mbr preset qm-max qm-min rc scd scm sharpness sparse-levels tile-columns
  tile-rows tune variance-boost-strength`.split(/\s+/),
)

/** Whether a name and value of `-svtav1-params` may stand there. */
export function isAllowedAv1Tuning(name: string, value: string | null): boolean {
  return av1Tunings.has(name) && value !== null && /^-?[0-9.]{1,20}$/.test(value)
}

/** Words and numbers that stand as they are in another command line, and can be nothing else there. */
export function isPlainValue(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text)
}
