/**
 * Options of the picture scaler. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const scalerOptions: Readonly<Record<string, string>> = {
  generic: `
    sws_flags srcw srch dstw dsth src_format dst_format src_range dst_range param0 param1 src_v_chr_pos
    src_h_chr_pos dst_v_chr_pos dst_h_chr_pos sws_dither gamma alphablend threads
  `,
}
