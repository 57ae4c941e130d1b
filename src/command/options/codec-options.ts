/**
 * Options of every codec (AVCodecContext). Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const codecOptions: Readonly<Record<string, string>> = {
  generic: `
    b ab bt flags flags2 export_side_data g ar ac cutoff frame_size qcomp qblur qmin qmax qdiff bf
    b_qfactor bug strict b_qoffset err_detect maxrate minrate bufsize i_qfactor i_qoffset dct lumi_mask
    tcplx_mask scplx_mask p_mask dark_mask idct ec aspect sar debug dia_size last_pred pre_dia_size subq
    me_range global_quality mbd rc_init_occupancy threads dc nssew skip_top skip_bottom profile level
    lowres cmp subcmp mbcmp ildctcmp precmp mblmin mblmax skip_loop_filter skip_idct skip_frame
    bidir_refine keyint_min refs trellis mv0_threshold compression_level ch_layout channel_layout
    request_channel_layout rc_max_vbv_use rc_min_vbv_use ticks_per_frame color_primaries color_trc
    colorspace color_range chroma_sample_location slices thread_type audio_service_type
    request_sample_fmt sub_charenc sub_charenc_mode sub_text_format apply_cropping skip_alpha
    field_order dump_separator codec_whitelist max_pixels max_samples hwaccel_flags extra_hw_frames
    discard_damaged_percentage time_base frame_number delay codec_tag has_b_frames block_align
    rc_override_count bits_per_coded_sample slice_flags bits_per_raw_sample log_level_offset
    pkt_timebase pixel_format video_size side_data_prefer_packet b_strategy ps mpeg_quant pred coder
    context sc_threshold skip_threshold skip_factor skip_exp mepc brd_scale chromaoffset b_sensitivity
    min_prediction_order max_prediction_order timecode_frame_start mv_bits header_bits i_tex_bits
    p_tex_bits i_count p_count skip_count misc_bits frame_bits slice_count preme nr skipcmp
    refcounted_frames side_data_only_packets
  `,
}
