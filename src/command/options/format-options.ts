/**
 * Options of every container format and of its input and output. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const formatOptions: Readonly<Record<string, string>> = {
  generic: `
    avioflags probesize formatprobesize packetsize fflags seek2any analyzeduration cryptokey indexmem
    rtbufsize fdebug max_delay start_time_realtime fpsprobesize audio_preload chunk_duration chunk_size
    f_err_detect err_detect use_wallclock_as_timestamps skip_initial_bytes correct_ts_overflow
    flush_packets metadata_header_padding output_ts_offset max_interleave_delta f_strict strict
    max_ts_probe avoid_negative_ts dump_separator codec_whitelist format_whitelist protocol_whitelist
    protocol_blacklist max_streams skip_estimate_duration_from_pts max_probe_packets rw_timeout
  `,
}
