/**
 * Options that change nothing of what a node makes, each with the reason why it may be left out of the plan. Anything
 * that is neither here nor in the list of understood options makes a job local.
 */

const wayOfServer = 'the server’s own hardware: a node decodes and filters in its own way'
const logging = 'how the transcoder talks, not what it makes; the dialect answers the server'
const dealtByHead = 'packaging is written by the head, which always does so'
const copiesOnly = 'about packets that are copied: an encoded stream has none'
const chips = 'a setting of the server’s own chip; the rate it asks for is in other options'

export const droppedOptions = {
  global: {
    y: 'the head writes where the job says, always over what is there',
    ...each(
      'nostats stats hide_banner loglevel loglevel_plex progressurl nostdin stdin stats_period report',
      logging,
    ),
    ...each(
      'init_hw_device filter_hw_device vaapi_device qsv_device hwaccel_fallback_threshold',
      wayOfServer,
    ),
    xioerror: 'what an unreadable input means is decided by the agent, which retries and then reports',
    ignore_unknown: 'streams of unknown kinds are never mapped',
    max_error_rate: 'a node reports every failure',
    filter_threads: 'how fast, not what',
    filter_complex_threads: 'how fast, not what',
    print_graphs_file: logging,
    max_alloc: 'how much memory the server may use',
  },
  input: {
    ...each(
      'hwaccel hwaccel_device hwaccel_output_format hwaccel_flags hwaccel_fallback_threshold extra_hw_frames',
      wayOfServer,
    ),
    ...each('hwdeint_mode output_size use_d3d require_d3d surfaces gpu', wayOfServer),
    ...each(
      'eae_prefix eae_root eae_batch_frames eae_max_files',
      'mailbox of EasyAudioEncoder: nodes decode with FFmpeg’s own decoders',
    ),
    afbc: wayOfServer,
    ...each('readrate readrate_initial_burst readrate_catchup re', 'how fast, not what'),
    threads: 'how fast, not what',
    thread_type: 'how fast, not what',
    thread_queue_size: 'how fast, not what',
    scan_all_pmts: 'which programs are looked for: FFmpeg’s own choice is the same for files',
    rw_timeout: 'about network inputs, which stay local',
    ignore_unknown: 'streams of unknown kinds are never mapped',
    drc_scale: 'FFmpeg’s default is to apply no compression of dynamics, as the server asks with 0',
  },
  output: {
    strict_ts: 'lets two packets have one time, which the head’s own packaging never makes',
    copypriorss: copiesOnly,
    ...each(
      'segment_list segment_list_type segment_list_size segment_list_separate_stream_times',
      dealtByHead,
    ),
    ...each('segment_list_unfinished individual_header_trailer segment_header_filename', dealtByHead),
    ...each('segment_time_delta segment_copyts break_non_keyframes time_delta', dealtByHead),
    ...each('dash_segment_type init_seg_name media_seg_name window_size delete_removed', dealtByHead),
    ...each('manifest_name use_template use_timeline hls_playlist flush_packets', dealtByHead),
    ...each('max_interleave_delta max_muxing_queue_size', dealtByHead),
    ...each(
      'hls_playlist_type hls_list_size hls_segment_filename hls_fmp4_init_filename hls_segment_options hls_base_url',
      dealtByHead,
    ),
    ...each('segment_list_entry_prefix write_header_trailer segment_write_temp', dealtByHead),
    tag: 'by which name a container knows a codec: the head writes the one that players of that container want',
    strict: 'whether FFmpeg may use what it calls experimental: what a node uses it has tried',
    autoscale: 'pictures of another size are made as large as the first in any case',
    disposition: 'which of several tracks is preferred: there is one of each kind',
    map_chapters: 'segments have none; a file is made without them only where the server says so',
    ...each(
      'sei forced-idr rc rc_mode rc-mode low_power async_depth look_ahead look_ahead_depth quality',
      chips,
    ),
    ...each('compression_level extra_hw_frames gpu surfaces delay zerolatency', chips),
    ...each(
      'spatial_aq temporal_aq spatial-aq temporal-aq aq-strength rc-lookahead no-scenecut b_adapt',
      chips,
    ),
    ...each('mbbrc rc_init_occupancy header_insertion_mode gops_per_idr forced_idr extbrc adaptive_i', chips),
    ...each('adaptive_b p_strategy i_qfactor b_qfactor multipass bitrate_limit usage vbaq', chips),
    ...each('num_capture_buffers num_output_buffers enforce_hrd preanalysis filler_data', chips),
    ...each('b_ref_mode idr_interval allow_sw realtime prio_speed power_efficient blbrc', chips),
    ...each('abr aac_at_mode', 'how the rate of sound varies; the rate itself stands beside it'),
    ...each('threads thread_type', 'how fast, not what'),
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>

function each(names: string, why: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, why]))
}
