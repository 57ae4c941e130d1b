/**
 * Private options of encoders, by encoder. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const encoderOptions: Readonly<Record<string, string>> = {
  aac: 'aac_coder aac_ms aac_is aac_pns aac_tns aac_ltp aac_pred aac_pce',
  ac_3: `
    center_mixlev surround_mixlev mixing_level room_type per_frame_metadata copyright dialnorm dsur_mode
    original dmix_mode ltrt_cmixlev ltrt_surmixlev loro_cmixlev loro_surmixlev dsurex_mode
    dheadphone_mode ad_conv_type stereo_rematrixing channel_coupling cpl_start_band
  `,
  adpcm: 'block_size',
  alacenc: 'min_prediction_order max_prediction_order',
  amf: `
    qvbr_quality_level header_insertion_mode preencode enforce_hrd filler_data
    high_motion_quality_boost_enable qp_p qp_i skip_frame align log_to_dbg preanalysis pa_activity_type
    pa_scene_change_detection_enable pa_scene_change_detection_sensitivity
    pa_static_scene_detection_enable pa_static_scene_detection_sensitivity
    pa_initial_qp_after_scene_change pa_max_qp_before_force_skip pa_caq_strength pa_frame_sad_enable
    pa_ltr_enable pa_lookahead_buffer_depth pa_paq_mode pa_taq_mode pa_high_motion_quality_boost_mode
    vbaq frame_skipping qp_b max_au_size header_spacing bf_delta_qp bf_ref bf_ref_delta_qp max_b_frames
    bf intra_refresh_mb me_half_pel me_quarter_pel pa_adaptive_mini_gop profile_tier gops_per_idr
  `,
  amv: `
    mpv_flags luma_elim_threshold chroma_elim_threshold quantizer_noise_shaping error_rate qsquish
    rc_qmod_amp rc_qmod_freq rc_eq rc_init_cplx rc_buf_aggressivity border_mask lmin lmax skip_threshold
    skip_factor skip_exp skip_cmp sc_threshold noise_reduction ps huffman force_duplicated_matrix
  `,
  audiotoolbox: 'aac_at_mode aac_at_quality',
  cfhd: 'quality',
  cinepak: 'max_extra_cb_iterations skip_empty_cb max_strips min_strips strip_number_adaptivity',
  cljr: 'dither_type',
  dca: 'dca_adpcm',
  dnxhd: 'nitris_compat ibias profile',
  dvvideo: 'quant_deadzone',
  e_ac_3: `
    mixing_level room_type per_frame_metadata copyright dialnorm dsur_mode original dmix_mode
    ltrt_cmixlev ltrt_surmixlev loro_cmixlev loro_surmixlev dsurex_mode dheadphone_mode ad_conv_type
    stereo_rematrixing channel_coupling cpl_start_band
  `,
  exr: 'compression format gamma',
  ffv1: 'slicecrc coder context',
  ffvhuff: 'non_deterministic pred context',
  flac: `
    lpc_coeff_precision lpc_type lpc_passes min_partition_order max_partition_order
    prediction_order_method ch_mode exact_rice_parameters multi_dim_quant min_prediction_order
    max_prediction_order
  `,
  g726: 'code_size',
  gif: 'gifflags gifimage global_palette',
  h263_v4l2m2m: 'num_output_buffers num_capture_buffers',
  h264_nvenc: `
    preset tune profile level rc rc-lookahead surfaces cbr 2pass gpu delay no-scenecut forced-idr
    b_adapt spatial-aq spatial_aq temporal-aq temporal_aq zerolatency nonref_p strict_gop aq-strength cq
    aud bluray-compat init_qpP init_qpB init_qpI qp qp_cb_offset qp_cr_offset weighted_pred coder
    b_ref_mode a53cc dpb_size multipass ldkfs extra_sei udu_sei intra-refresh single-slice-intra-refresh
    constrained-encoding
  `,
  h264_omx: 'omx_libname omx_libprefix zerocopy profile',
  h264_qsv: `
    async_depth avbr_accuracy avbr_convergence preset forced_idr low_power rdo max_frame_size
    max_frame_size_i max_frame_size_p max_slice_size bitrate_limit mbbrc extbrc adaptive_i adaptive_b
    p_strategy b_strategy dblk_idc low_delay_brc max_qp_i min_qp_i max_qp_p min_qp_p max_qp_b min_qp_b
    cavlc idr_interval pic_timing_sei single_sei_nal_unit max_dec_frame_buffering look_ahead
    look_ahead_depth look_ahead_downsampling int_ref_type int_ref_cycle_size int_ref_qp_delta
    recovery_point_sei int_ref_cycle_dist profile a53cc aud mfmode repeat_pps
  `,
  h264_v4l2m2m: 'num_output_buffers num_capture_buffers',
  h264_vaapi: `
    low_power idr_interval b_depth async_depth max_frame_size rc_mode qp quality coder aud sei profile
    level
  `,
  h265_vaapi: `
    low_power idr_interval b_depth async_depth max_frame_size rc_mode qp aud profile tier level sei
    tiles
  `,
  h_263: `
    obmc mb_info mpv_flags luma_elim_threshold chroma_elim_threshold quantizer_noise_shaping error_rate
    qsquish rc_qmod_amp rc_qmod_freq rc_eq rc_init_cplx rc_buf_aggressivity border_mask lmin lmax
    skip_threshold skip_factor skip_exp skip_cmp sc_threshold noise_reduction ps motion_est mepc mepre
    intra_penalty
  `,
  h_263p: `
    umv aiv obmc structured_slices mpv_flags luma_elim_threshold chroma_elim_threshold
    quantizer_noise_shaping error_rate qsquish rc_qmod_amp rc_qmod_freq rc_eq rc_init_cplx
    rc_buf_aggressivity border_mask lmin lmax skip_threshold skip_factor skip_exp skip_cmp sc_threshold
    noise_reduction ps motion_est mepc mepre intra_penalty
  `,
  hap: 'format chunks compressor',
  hevc_nvenc: `
    preset tune profile level tier rc rc-lookahead surfaces cbr 2pass gpu delay no-scenecut forced-idr
    spatial_aq spatial-aq temporal_aq temporal-aq zerolatency nonref_p strict_gop aq-strength cq aud
    bluray-compat init_qpP init_qpB init_qpI qp qp_cb_offset qp_cr_offset weighted_pred b_ref_mode a53cc
    s12m_tc dpb_size multipass ldkfs extra_sei udu_sei intra-refresh single-slice-intra-refresh
    constrained-encoding
  `,
  hevc_qsv: `
    async_depth avbr_accuracy avbr_convergence preset forced_idr low_power rdo max_frame_size
    max_frame_size_i max_frame_size_p max_slice_size mbbrc extbrc p_strategy b_strategy dblk_idc
    low_delay_brc max_qp_i min_qp_i max_qp_p min_qp_p max_qp_b min_qp_b idr_interval load_plugin
    load_plugins look_ahead_depth profile gpb tile_cols tile_rows recovery_point_sei aud pic_timing_sei
    transform_skip int_ref_type int_ref_cycle_size int_ref_qp_delta int_ref_cycle_dist
  `,
  hevc_v4l2m2m: 'num_output_buffers num_capture_buffers',
  huffyuv: 'non_deterministic pred',
  jpeg_2000: 'format tile_width tile_height pred sop eph prog layer_rates',
  jpegls: 'pred',
  libaom_av1: `
    cpu-used auto-alt-ref lag-in-frames arnr-max-frames arnr-strength aq-mode error-resilience crf
    static-thresh drop-threshold denoise-noise-level denoise-block-size undershoot-pct overshoot-pct
    minsection-pct maxsection-pct frame-parallel tiles tile-columns tile-rows row-mt enable-cdef
    enable-global-motion enable-intrabc enable-restoration usage tune still-picture
    enable-rect-partitions enable-1to4-partitions enable-ab-partitions enable-angle-delta
    enable-cfl-intra enable-filter-intra enable-intra-edge-filter enable-smooth-intra enable-paeth-intra
    enable-palette enable-flip-idtx enable-tx64 reduced-tx-type-set use-intra-dct-only
    use-inter-dct-only use-intra-default-tx-only enable-ref-frame-mvs enable-reduced-reference-set
    enable-obmc enable-dual-filter enable-diff-wtd-comp enable-dist-wtd-comp enable-onesided-comp
    enable-interinter-wedge enable-interintra-wedge enable-masked-comp enable-interintra-comp
    enable-smooth-interintra aom-params
  `,
  libcodec2: 'mode',
  libilbc: 'enhance',
  libjxl: 'effort distance modular xyb',
  libkvazaar: 'kvazaar-params',
  libmp3lame: 'reservoir joint_stereo abr',
  libopenh264: 'loopfilter max_nal_size allow_skip_frames slice_mode cabac',
  libopenjpeg: `
    format profile cinema_mode prog_order numresolution irreversible disto_alloc fixed_quality lowqual
  `,
  libopus: 'application frame_duration packet_loss fec vbr mapping_family apply_phase_inv',
  librav1e: 'qp speed tiles tile-rows tile-columns rav1e-params',
  libspeex: 'abr cbr_quality frames_per_packet vad dtx',
  libsvtav1: 'hielevel la_depth tier preset crf qp sc_detection tile_columns tile_rows svtav1-params',
  libtwolame: 'mode psymodel energy_levels error_protection copyright original verbosity',
  libvorbis: 'iblock',
  libvpx: 'screen-content-mode min-gf-interval',
  libvpx_vp8: `
    lag-in-frames arnr-maxframes arnr-strength arnr-type tune deadline error-resilient max-intra-rate
    crf static-thresh drop-threshold noise-sensitivity undershoot-pct overshoot-pct ts-parameters
    auto-alt-ref cpu-used speed quality vp8flags arnr_max_frames arnr_strength arnr_type rc_lookahead
    sharpness
  `,
  libvpx_vp9: `
    lag-in-frames arnr-maxframes arnr-strength arnr-type tune deadline error-resilient max-intra-rate
    crf static-thresh drop-threshold noise-sensitivity undershoot-pct overshoot-pct ts-parameters
    auto-alt-ref cpu-used lossless tile-columns tile-rows frame-parallel aq-mode level row-mt
    tune-content corpus-complexity enable-tpl speed quality vp8flags arnr_max_frames arnr_strength
    arnr_type rc_lookahead sharpness
  `,
  libwebp: 'lossless preset cr_threshold cr_size quality',
  libx264: `
    preset tune profile fastfirstpass level passlogfile wpredp a53cc x264opts crf crf_max qp aq-mode
    aq-strength psy psy-rd rc-lookahead weightb weightp ssim intra-refresh bluray-compat b-bias
    b-pyramid mixed-refs 8x8dct fast-pskip aud mbtree deblock cplxblur partitions direct-pred
    slice-max-size stats nal-hrd avcintra-class me_method motion-est forced-idr coder b_strategy
    chromaoffset sc_threshold noise_reduction udu_sei x264-params
  `,
  libx264rgb: `
    preset tune profile fastfirstpass level passlogfile wpredp a53cc x264opts crf crf_max qp aq-mode
    aq-strength psy psy-rd rc-lookahead weightb weightp ssim intra-refresh bluray-compat b-bias
    b-pyramid mixed-refs 8x8dct fast-pskip aud mbtree deblock cplxblur partitions direct-pred
    slice-max-size stats nal-hrd avcintra-class me_method motion-est forced-idr coder b_strategy
    chromaoffset sc_threshold noise_reduction udu_sei x264-params
  `,
  libx265: 'crf qp forced-idr preset tune profile udu_sei x265-params',
  libxavs2: 'lcu_row_threads initial_qp max_qp min_qp speed_level log_level xavs2-params',
  libxeve: 'hash sei_info xeve-params',
  libxvid: 'lumi_aq variance_aq ssim ssim_acc gmc me_quality mpeg_quant',
  ljpeg: 'pred',
  magicyuv: 'pred',
  mf: 'rate_control scenario hw_encoding',
  mjpeg: `
    mpv_flags luma_elim_threshold chroma_elim_threshold quantizer_noise_shaping error_rate qsquish
    rc_qmod_amp rc_qmod_freq rc_eq rc_init_cplx rc_buf_aggressivity border_mask lmin lmax skip_threshold
    skip_factor skip_exp skip_cmp sc_threshold noise_reduction ps huffman force_duplicated_matrix
  `,
  mjpeg_qsv: 'async_depth',
  mjpeg_vaapi: 'low_power idr_interval b_depth async_depth max_frame_size jfif huffman',
  mov_text: 'height',
  mpeg1video: `
    gop_timecode drop_frame_timecode scan_offset timecode_frame_start b_strategy b_sensitivity brd_scale
    mpv_flags luma_elim_threshold chroma_elim_threshold quantizer_noise_shaping error_rate qsquish
    rc_qmod_amp rc_qmod_freq rc_eq rc_init_cplx rc_buf_aggressivity border_mask lmin lmax skip_threshold
    skip_factor skip_exp skip_cmp sc_threshold noise_reduction ps motion_est mepc mepre intra_penalty
  `,
  mpeg2_qsv: 'async_depth avbr_accuracy avbr_convergence preset forced_idr low_power rdo profile',
  mpeg2_vaapi: 'low_power idr_interval b_depth async_depth max_frame_size rc_mode profile level',
  mpeg2video: `
    gop_timecode drop_frame_timecode scan_offset timecode_frame_start b_strategy b_sensitivity brd_scale
    intra_vlc non_linear_quant alternate_scan a53cc seq_disp_ext video_format mpv_flags
    luma_elim_threshold chroma_elim_threshold quantizer_noise_shaping error_rate qsquish rc_qmod_amp
    rc_qmod_freq rc_eq rc_init_cplx rc_buf_aggressivity border_mask lmin lmax skip_threshold skip_factor
    skip_exp skip_cmp sc_threshold noise_reduction ps motion_est mepc mepre intra_penalty
  `,
  mpeg4: `
    data_partitioning alternate_scan mpeg_quant b_strategy b_sensitivity brd_scale mpv_flags
    luma_elim_threshold chroma_elim_threshold quantizer_noise_shaping error_rate qsquish rc_qmod_amp
    rc_qmod_freq rc_eq rc_init_cplx rc_buf_aggressivity border_mask lmin lmax skip_threshold skip_factor
    skip_exp skip_cmp sc_threshold noise_reduction ps motion_est mepc mepre intra_penalty
  `,
  mpeg4_omx: 'omx_libname omx_libprefix zerocopy profile',
  mpeg4_v4l2m2m: 'num_output_buffers num_capture_buffers',
  mpegvideo: `
    mpv_flags luma_elim_threshold chroma_elim_threshold quantizer_noise_shaping error_rate qsquish
    rc_qmod_amp rc_qmod_freq rc_eq rc_init_cplx rc_buf_aggressivity border_mask lmin lmax skip_threshold
    skip_factor skip_exp skip_cmp sc_threshold noise_reduction ps motion_est mepc mepre intra_penalty
    pbias rc_strategy
  `,
  nvenc: 'highbitdepth rgb_mode timing-info',
  opus: 'opus_delay apply_phase_inv',
  png: 'dpi dpm pred',
  prores: 'vendor mbs_per_slice profile bits_per_mb quant_mat alpha_bits',
  qsv: 'dual_gfx vcm',
  roq: 'quake3_compat',
  rpza: 'skip_frame_thresh start_one_color_thresh continue_one_color_thresh sixteen_color_thresh',
  s302m: 'non_pcm_mode',
  sbc: 'sbc_delay msbc',
  sgi: 'rle',
  smpte_vc_2: 'tolerance slice_width slice_height wavelet_depth wavelet_type qm',
  snow: 'motion_est memc_only no_bitstream intra_penalty iterative_dia_size sc_threshold pred rc_eq',
  sunrast: 'rle',
  svq1enc: 'motion-est',
  targa: 'rle',
  tiff: 'dpi compression_algo',
  utvideo: 'pred',
  vaapi: 'blbrc tile_groups',
  vbn: 'format',
  videotoolbox: `
    allow_sw require_sw realtime frames_before frames_after prio_speed power_efficient max_ref_frames
    constant_bit_rate max_slice_bytes alpha_quality
  `,
  vobsub_subtitle: 'palette even_rows_fix',
  vp8_v4l2m2m: 'num_output_buffers num_capture_buffers',
  vp8_vaapi: `
    low_power idr_interval b_depth async_depth max_frame_size rc_mode loop_filter_level
    loop_filter_sharpness
  `,
  vp9_qsv: `
    async_depth avbr_accuracy avbr_convergence preset forced_idr low_power profile tile_cols tile_rows
  `,
  vp9_vaapi: `
    low_power idr_interval b_depth async_depth max_frame_size rc_mode loop_filter_level
    loop_filter_sharpness
  `,
  wavpack: 'joint_stereo optimize_mono',
}
