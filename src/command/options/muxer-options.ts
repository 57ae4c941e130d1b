/**
 * Private options of muxers, by muxer. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const muxerOptions: Readonly<Record<string, string>> = {
  ac4: 'write_crc',
  adts: 'write_id3v2 write_apetag write_mpeg2',
  aiff: 'write_id3v2 id3v2_version',
  alp: 'type',
  apng: 'plays final_delay',
  argo_asf: 'version_major version_minor name',
  argo_cvg: 'skip_rate_check',
  asf: 'packet_size',
  ass: 'ignore_readorder',
  ast: 'loopstart loopend',
  avi: 'reserve_index_space write_channel_mask flipped_raw_rgb',
  chromaprint: 'silence_threshold algorithm fp_format',
  dash: `
    adaptation_sets window_size extra_window_size seg_duration frag_duration frag_type remove_at_exit
    use_template use_timeline single_file single_file_name init_seg_name media_seg_name utc_timing_url
    method http_user_agent http_persistent hls_playlist hls_master_name streaming timeout
    index_correction format_options global_sidx dash_segment_type ignore_io_errors lhls ldash
    master_m3u8_publish_rate write_prft mpd_profile http_opts target_latency min_playback_rate
    max_playback_rate update_period
  `,
  fifo: `
    fifo_format queue_size format_opts drop_pkts_on_overflow restart_with_keyframe attempt_recovery
    max_recovery_attempts recovery_wait_time recovery_wait_streamtime recover_any_error timeshift
  `,
  fifo_test: 'write_header_ret write_trailer_ret print_deinit_summary',
  flac: 'write_header',
  flv: 'flvflags',
  frame_hash: 'hash format_version',
  frame_md5: 'hash format_version',
  gif: 'loop final_delay',
  hash: 'hash',
  hds: 'window_size extra_window_size min_frag_duration remove_at_exit',
  hls: `
    start_number hls_time hls_init_time hls_list_size hls_delete_threshold hls_ts_options
    hls_vtt_options hls_allow_cache hls_base_url hls_segment_filename hls_segment_options
    hls_segment_size hls_key_info_file hls_enc hls_enc_key hls_enc_key_url hls_enc_iv hls_subtitle_path
    hls_segment_type hls_fmp4_init_filename hls_fmp4_init_resend hls_flags strftime strftime_mkdir
    hls_playlist_type method hls_start_number_source http_user_agent var_stream_map cc_stream_map
    master_pl_name master_pl_publish_rate http_persistent timeout ignore_io_errors headers hls_wrap
    use_localtime use_localtime_mkdir
  `,
  image2: 'update start_number strftime frame_pts atomic_writing protocol_opts',
  latm: 'smc-interval',
  matroska: `
    reserve_index_space cues_to_front cluster_size_limit cluster_time_limit dash dash_track_number live
    allow_raw_vfw flipped_raw_rgb write_crc32 default_mode
  `,
  md5: 'hash',
  mov: `
    movflags moov_size rtpflags skip_iods iods_audio_profile iods_video_profile frag_duration
    min_frag_duration frag_size ism_lookahead video_track_timescale brand use_editlist fragment_index
    mov_gamma frag_interleave encryption_scheme encryption_key encryption_kid
    use_stream_ids_as_track_ids write_btrt write_tmcd write_prft empty_hdlr_name movie_timescale
  `,
  mp3: 'id3v2_version write_id3v1 write_xing',
  mpeg: 'muxrate preload',
  mpegts: `
    mpegts_transport_stream_id mpegts_original_network_id mpegts_service_id mpegts_service_type
    mpegts_pmt_start_pid mpegts_start_pid mpegts_m2ts_mode muxrate pes_payload_size mpegts_flags
    mpegts_copyts tables_version omit_video_pes_length pcr_period pat_period sdt_period nit_period
  `,
  mpjpeg: 'boundary_tag',
  mxf: 'signal_standard store_user_comments',
  mxf_d10: 'd10_channelcount signal_standard store_user_comments',
  mxf_opatom: 'mxf_audio_edit_rate signal_standard store_user_comments',
  nutenc: 'syncpoints write_index',
  ogg_audio: 'serial_offset oggpagesize pagesize page_duration',
  rtp: 'rtpflags payload_type ssrc cname seq',
  rtp_mpegts: 'mpegts_muxer_options rtp_muxer_options',
  rtsp: `
    initial_pause rtpflags rtsp_transport rtsp_flags allowed_media_types min_port max_port
    listen_timeout timeout reorder_queue_size buffer_size pkt_size user_agent
  `,
  segment: `
    reference_stream segment_format segment_format_options segment_list segment_header_filename
    segment_list_flags segment_list_size segment_list_type segment_atclocktime segment_clocktime_offset
    segment_clocktime_wrap_duration segment_time segment_time_delta segment_times segment_frames
    segment_wrap segment_list_entry_prefix segment_start_number segment_wrap_number strftime
    increment_tc break_non_keyframes individual_header_trailer write_header_trailer reset_timestamps
    initial_offset write_empty_segments min_seg_duration
  `,
  smooth_streaming: 'window_size extra_window_size lookahead_count min_frag_duration remove_at_exit',
  spdif: 'spdif_flags dtshd_rate dtshd_fallback_time',
  tee: 'use_fifo fifo_options',
  wav: 'write_bext write_peak rf64 peak_block_size peak_format peak_ppv',
  webm_chunk: 'chunk_start_index header audio_chunk_duration method',
  webm_dash_manifest: `
    adaptation_sets live chunk_start_index chunk_duration_ms utc_timing_url time_shift_buffer_depth
    minimum_update_period
  `,
  webp: 'loop',
}
