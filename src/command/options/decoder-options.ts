/**
 * Private options of decoders, by decoder. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const decoderOptions: Readonly<Record<string, string>> = {
  aac: 'dual_mono_mode channel_order',
  ac3: `
    cons_noisegen drc_scale heavy_compr target_level downmix center_mixlev surround_mixlev mixing_level
    room_type per_frame_metadata copyright dialnorm dsur_mode original dsurex_mode dheadphone_mode
    ad_conv_type stereo_rematrixing channel_coupling cpl_start_band
  `,
  ac3dec_float: 'dmix_mode ltrt_cmixlev ltrt_surmixlev loro_cmixlev loro_surmixlev',
  alac: 'extra_bits_bug min_prediction_order max_prediction_order',
  ape: 'max_samples',
  av1: 'operating_point',
  av1_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  av1_qsv: 'async_depth gpu_copy',
  closed_caption: 'real_time real_time_latency_msec data_field',
  dca: 'core_only channel_order downmix',
  dolby_e: 'channel_order',
  dvb_sub: 'compute_edt compute_clut dvb_substream',
  dvdsubdec: 'palette ifo_palette forced_subs_only',
  evrc: 'postfilter',
  exr: 'layer part gamma apply_trc',
  fic: 'skip_cursor',
  fits: 'blank_value',
  fixed_point_ac_3: 'cons_noisegen drc_scale heavy_compr downmix',
  flac: 'use_buggy_lpc',
  frwu: 'change_field_order',
  g722: 'bits_per_codeword',
  g_723_1: 'postfilter',
  gif: 'trans_color',
  h263_v4l2m2m: 'num_output_buffers num_capture_buffers',
  h264: 'is_avc nal_length_size enable_er x264_build skip_gray noref_gray',
  h264_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  h264_qsv: 'async_depth gpu_copy',
  h264_v4l2m2m: 'num_output_buffers num_capture_buffers',
  hevc: 'apply_defdispwin strict-displaywin',
  hevc_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  hevc_qsv: 'async_depth load_plugin load_plugins gpu_copy',
  hevc_v4l2m2m: 'num_output_buffers num_capture_buffers',
  jpeg2000: 'lowres',
  libaribb24: 'aribb24-base-path aribb24-skip-ruby-text default_profile',
  libaribcaption: `
    sub_type caption_encoding ass_single_rect font force_outline_text ignore_background ignore_ruby
    outline_width replace_drcs replace_msz_ascii replace_msz_japanese replace_msz_glyph canvas_size
  `,
  libdav1d: 'tilethreads framethreads filmgrain oppoint alllayers max_frame_delay',
  'libfdk-aac': `
    conceal drc_boost drc_cut drc_level drc_heavy level_limit drc_effect album_mode afterburner eld_sbr
    eld_v2 signaling latm header_period vbr drc_profile drc_target_ref comp_profile comp_target_ref
    prog_ref frame_length
  `,
  libopenjpeg: 'lowqual',
  libopusdec: 'apply_phase_inv',
  librsvg: 'width height keep_ar',
  libzvbi_teletextdec: `
    txt_page txt_default_region txt_chop_top txt_format txt_left txt_top txt_chop_spaces txt_duration
    txt_transparent txt_opacity
  `,
  mediacodec: 'delay_flush ndk_codec codec_name bitrate_mode pts_as_dts level',
  mjpeg: 'extern_huff',
  mjpeg_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  mjpeg_qsv: 'async_depth gpu_copy',
  mlp: `
    downmix max_interval lpc_coeff_precision lpc_type lpc_passes codebook_search prediction_order
    rematrix_precision
  `,
  mmal: 'extra_buffers extra_decoder_buffers',
  mov_text: 'width height',
  mpeg12: `
    cc_format gop_timecode drop_frame_timecode scan_offset timecode_frame_start intra_vlc
    non_linear_quant alternate_scan a53cc seq_disp_ext video_format
  `,
  mpeg1_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  mpeg1_v4l2m2m: 'num_output_buffers num_capture_buffers',
  mpeg2_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  mpeg2_qsv: 'async_depth gpu_copy',
  mpeg2_v4l2m2m: 'num_output_buffers num_capture_buffers',
  mpeg4_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  mpeg4_v4l2m2m: 'num_output_buffers num_capture_buffers',
  mpeg4video: 'quarter_sample divx_packed data_partitioning mpeg_quant',
  omx: 'omx_libname omx_libprefix zerocopy',
  opus: 'apply_phase_inv',
  pgs_subtitle: 'forced_subs_only',
  photocd: 'lowres',
  rasc: 'skip_cursor',
  rawdec: 'top',
  smpte_302m: 'non_pcm_mode',
  text: 'keep_ass_markup',
  tiff: 'subimage thumbnail page',
  truehd: 'downmix',
  tta: 'password',
  v210: 'custom_stride',
  vc1_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  vc1_qsv: 'async_depth gpu_copy',
  vc1_v4l2m2m: 'num_output_buffers num_capture_buffers',
  vp8_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  vp8_qsv: 'async_depth gpu_copy',
  vp8_v4l2m2m: 'num_output_buffers num_capture_buffers',
  vp9_cuvid: 'deint gpu surfaces drop_second_field crop resize',
  vp9_qsv: 'async_depth gpu_copy',
  vp9_v4l2m2m: 'num_output_buffers num_capture_buffers',
}
