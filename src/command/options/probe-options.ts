import type { OptionNames } from './row.ts'

/** ffprobe's own options: what to show and how. All of them count for the whole run. */
export const probeOptions: OptionNames = {
  booleans: `
    hide_banner unit prefix byte_binary_prefix sexagesimal show_data count_frames count_packets show_private_data
    bitexact only_first_vframe
  `,
  flags: `
    report pretty show_error show_format show_frames show_packets show_programs show_stream_groups show_streams
    show_chapters show_program_version show_library_versions show_versions show_pixel_formats
  `,
  values: `
    loglevel max_alloc cpuflags cpucount print_format select_streams show_data_hash show_entries show_log
    show_optional_fields read_intervals print_filename o
  `,
  listings: 'sections',
}

/** ffprobe's options for its one input. */
export const probeFileOptions: OptionNames = {
  booleans: 'find_stream_info',
  values: 'f codec',
}
