import type { OptionNames } from './row.ts'

/**
 * The program's options for the whole run: they count wherever they stand, even after the last output.
 * FFmpeg 5.1, with what went before it (4.3: `sameq`, `vc`...) and what came since (8.0: `print_graphs`...).
 */
export const globalOptions: OptionNames = {
  booleans: `
    y n hide_banner ignore_unknown copy_unknown recast_media stats stdin benchmark benchmark_all dump hex copyts
    start_at_zero xerror auto_conversion_filters debug_ts psnr qphist deinterlace intra
    print_graphs
  `,
  flags: 'report vstats sameq same_quant',
  values: `
    loglevel max_alloc cpuflags cpucount filter_threads filter_complex_threads max_error_rate vol progress
    timelimit frame_drop_threshold async adrift_threshold copytb dts_delta_threshold dts_error_threshold
    abort_on filter_complex filter_complex_script stats_period vstats_file vstats_version sdp_file vaapi_device
    qsv_device init_hw_device filter_hw_device vsync vc tvstd videotoolbox_pixfmt print_graphs_file
    print_graphs_format filter_buffered_frames
  `,
}

/** Options that print something about the build and end the program; ffmpeg and ffprobe share them. */
export const listingOptions: OptionNames = {
  listings: `
    L h version buildconf formats muxers demuxers devices codecs decoders encoders bsfs protocols filters
    pix_fmts layouts sample_fmts dispositions colors sources sinks hwaccels
  `,
}
