import type { OptionNames } from './row.ts'

/** The program's options for streams of one file, narrowed by a stream specifier (`-codec:v:0`). */
export const streamOptions: OptionNames = {
  booleans: `
    copyinkf display_hflip display_vflip force_fps fix_sub_duration fix_sub_duration_heartbeat
  `,
  switches: 'autorotate autoscale',
  values: `
    codec pre itsscale apad copypriorss frames tag q profile filter filter_script reinit_filter discard
    disposition bits_per_raw_sample stats_enc_pre stats_enc_post stats_mux_pre stats_enc_pre_fmt
    stats_enc_post_fmt stats_mux_pre_fmt r fpsmax s aspect pix_fmt display_rotation rc_override timecode pass
    passlogfile intra_matrix inter_matrix chroma_intra_matrix top fps_mode force_key_frames b hwaccel
    hwaccel_device hwaccel_output_format ar ac sample_fmt ch_layout guess_layout_max canvas_size time_base
    enc_time_base bsf max_muxing_queue_size muxing_queue_data_threshold dump_attachment apply_cropping
  `,
}
