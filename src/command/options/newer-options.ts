import type { OptionFamily, OptionNames, OptionScope } from './row.ts'

/** Options of the libraries that came after FFmpeg 7.0. */
export const newerOptions: readonly {
  readonly family: OptionFamily
  readonly scope: OptionScope
  readonly names: OptionNames
}[] = [
  {
    family: 'decoder',
    scope: 'stream',
    names: { values: 'view_ids view_ids_available view_pos_available' },
  },
  {
    family: 'encoder',
    scope: 'stream',
    names: {
      values: `
        lookahead_level unidir_b tf_level split_encode_mode dolbyvision udu_sei a53cc lossless subjopt period
        vvenc-params qpa
      `,
    },
  },
  {
    family: 'protocol',
    scope: 'file',
    names: { values: 'reconnect_max_retries reconnect_delay_total_max respect_retry_after max_redirects' },
  },
  { family: 'demuxer', scope: 'file', names: { values: 'extension_picky allowed_segment_extensions' } },
]
