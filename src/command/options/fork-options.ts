import type { OptionFamily, OptionNames, OptionOwner, OptionScope } from './row.ts'

/** Options that only one media server's build has, by where they belong. */
export interface ForkTable {
  readonly owner: OptionOwner
  readonly scope: OptionScope
  readonly family: OptionFamily
  readonly names: OptionNames
}

/** What the builds of Plex, Jellyfin and Emby have and FFmpeg has not. */
export const forkOptions: readonly ForkTable[] = [
  {
    owner: 'plex',
    scope: 'global',
    family: 'program',
    names: { booleans: 'xioerror', values: 'progressurl loglevel_plex' },
  },
  { owner: 'plex', scope: 'file', family: 'program', names: { values: 'map_inlineass' } },
  {
    owner: 'plex',
    scope: 'stream',
    family: 'program',
    names: { values: 'strict_ts hwaccel_fallback_threshold' },
  },
  {
    owner: 'plex',
    scope: 'stream',
    family: 'decoder',
    names: {
      values:
        'eae_root eae_prefix eae_batch_frames eae_max_files hwdeint_mode output_size use_d3d require_d3d',
    },
  },
  {
    owner: 'plex',
    scope: 'stream',
    family: 'encoder',
    names: { values: 'rc-mode mediacodec_output_size is-rtk' },
  },
  { owner: 'plex', scope: 'file', family: 'format', names: { values: 'max_sparse_interleave_delta' } },
  {
    owner: 'plex',
    scope: 'file',
    family: 'demuxer',
    names: {
      values: `
        skip_before_video_key skip_before_inpoint offset_inout open_all current_stream_start_position
        current_stream_duration linearize_timestamps defer_probing skip_trailer_tags header_size
      `,
    },
  },
  {
    owner: 'plex',
    scope: 'file',
    family: 'muxer',
    names: {
      values: `
        manifest_name skip_to_segment delete_removed time_delta min_seg_duration break_non_keyframes mov_res
        segment_list_separate_stream_times segment_list_unfinished segment_copyts sync_vtt sync_mpeg
      `,
    },
  },
  { owner: 'plex', scope: 'file', family: 'protocol', names: { values: 'resolve_hosts' } },
  {
    owner: 'jellyfin',
    scope: 'stream',
    family: 'decoder',
    names: { values: 'afbc fast_parse deint buf_mode presentation' },
  },
  {
    owner: 'jellyfin',
    scope: 'stream',
    family: 'encoder',
    names: { values: 'qp_init qp_max qp_min qp_max_i qp_min_i main10sp qsv_params' },
  },
  {
    owner: 'emby',
    scope: 'file',
    family: 'muxer',
    names: { values: 'write_header_trailer segment_write_temp' },
  },
]
