/**
 * Private options of demuxers, by demuxer. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const demuxerOptions: Readonly<Record<string, string>> = {
  aa: 'aa_fixed_key',
  alias_pix: `
    pattern_type start_number start_number_range ts_from_file export_path_metadata framerate
    pixel_format video_size loop
  `,
  apng: 'ignore_loop max_fps default_fps',
  aptx: 'sample_rate',
  aqtdec: 'subfps',
  artworx_data_format: 'linespeed video_size framerate',
  asf: 'no_resync_search export_xmp',
  av1_annex_b: 'framerate',
  avi: 'use_odml',
  aviobuf: 'protocol_whitelist',
  avisynth: 'avisynth_flags',
  binary_text: 'linespeed video_size framerate',
  bitpacked: 'pixel_format video_size framerate',
  brender_pix: `
    pattern_type start_number start_number_range ts_from_file export_path_metadata framerate
    pixel_format video_size loop
  `,
  cdxl: 'sample_rate frame_rate',
  codec2: 'frames_per_packet',
  codec2raw: 'mode frames_per_packet',
  concat: 'safe auto_convert segment_time_metadata',
  dash: 'allowed_extensions cenc_decryption_key',
  dfpwm: 'sample_rate channels ch_layout',
  dvdvideo: 'angle chapter_end chapter_start menu menu_lu menu_vts pg pgc preindex region title trim',
  electronicarts: 'merge_alpha',
  extended_binary_text: 'linespeed video_size framerate',
  fifo_test: 'write_header_ret write_trailer_ret print_deinit_summary',
  fits: 'framerate',
  flv: 'flv_metadata flv_full_metadata flv_ignore_prevtag missing_streams',
  g729: 'bit_rate',
  g_726: 'code_size sample_rate',
  game_music_emu: 'track_index sample_rate max_size',
  generic_raw: 'raw_packet_size',
  generic_raw_video: 'framerate raw_packet_size',
  gif: 'min_delay max_gif_delay default_delay ignore_loop final_delay',
  gsm: 'sample_rate',
  hca: 'hca_lowkey hca_highkey hca_subkey',
  hls: `
    live_start_index prefer_x_start allowed_extensions allowed_segment_extensions extension_picky
    max_reload m3u8_hold_counters http_persistent http_multiple http_seekable seg_format_options
    seg_max_retry
  `,
  ice_draw_file: 'linespeed video_size framerate',
  image2: `
    pattern_type start_number start_number_range ts_from_file export_path_metadata framerate
    pixel_format video_size loop
  `,
  imagepipe: 'frame_size framerate pixel_format video_size loop',
  imf: 'assetmaps',
  libmodplug: `
    noise_reduction reverb_depth reverb_delay bass_amount bass_range surround_depth surround_delay
    video_stream_expr video_stream video_stream_w video_stream_h video_stream_ptxt
  `,
  libopenmpt: 'sample_rate layout subsong',
  microdvddec: 'subfps',
  mov: `
    use_absolute_path seek_streams_individually ignore_editlist advanced_editlist ignore_chapters
    use_mfra_for use_tfdt export_all export_xmp activation_bytes audible_key audible_iv
    audible_fixed_key decryption_key enable_drefs max_stts_delta interleaved_read
  `,
  mp3: 'usetoc',
  mpegts: `
    resync_size fix_teletext_pts ts_packetsize scan_all_pmts skip_unknown_pmt merge_pmt_versions
    max_packet_size ts_id skip_changes skip_clear
  `,
  mpegtsraw: 'resync_size compute_pcr ts_packetsize',
  mpjpeg: 'strict_mime_boundary boundary_tag',
  mxf: 'eia608_extract',
  pcm: 'sample_rate channels ch_layout',
  rawvideo: 'pixel_format video_size framerate',
  rtp: 'rtp_flags listen_timeout localaddr allowed_media_types reorder_queue_size buffer_size pkt_size',
  rtsp: `
    initial_pause rtpflags rtsp_transport rtsp_flags allowed_media_types min_port max_port
    listen_timeout timeout reorder_queue_size buffer_size pkt_size user_agent stimeout user-agent
  `,
  sbg: 'sample_rate frame_size max_file_size',
  sdp: 'sdp_flags listen_timeout localaddr allowed_media_types reorder_queue_size buffer_size pkt_size',
  ser: 'framerate',
  sln: 'sample_rate channels ch_layout',
  tedcaptions: 'start_time',
  tty: 'chars_per_frame video_size framerate',
  v210: 'video_size framerate',
  vapoursynth: 'max_script_size',
  vobsub: 'sub_name',
  w64: 'max_size',
  wav: 'ignore_length max_size',
  webm_dash_manifest: 'live bandwidth',
  webvtt: 'kind',
}
