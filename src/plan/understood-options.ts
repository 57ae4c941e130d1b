import type { Command, CommandOption } from '../command/command.ts'
import { NotPlannable } from './refusal.ts'

/**
 * The options that a segmented job may have. What runs on a node is an allow list: anything else makes the job local,
 * since dropping an option that means something would change what the viewer gets.
 */
const understood = {
  globals: [
    ...[
      'y',
      'nostats',
      'stats',
      'hide_banner',
      'loglevel',
      'loglevel_plex',
      'progressurl',
      'nostdin',
      'stdin',
    ],
    ...['start_at_zero', 'copyts', 'vsync', 'filter_complex'],
  ],
  input: ['codec', 'ss', 'analyzeduration', 'probesize'],
  output: [
    ...['map', 'metadata', 'codec', 'fps_mode', 'r', 'force_key_frames', 'map_metadata', 'map_chapters'],
    ...['crf', 'b', 'maxrate', 'bufsize', 'preset', 'tune', 'profile', 'level', 'x264opts', 'x265-params'],
    ...['f', 'max_delay', 'avoid_negative_ts', 'segment_format', 'segment_format_options', 'segment_time'],
    ...[
      'segment_start_number',
      'segment_time_delta',
      'segment_list',
      'segment_list_type',
      'segment_list_size',
    ],
    ...['segment_list_separate_stream_times', 'segment_list_unfinished', 'individual_header_trailer'],
    ...['seg_duration', 'min_seg_duration', 'dash_segment_type', 'init_seg_name', 'media_seg_name'],
    ...['window_size', 'delete_removed', 'skip_to_segment', 'manifest_name', 'time_delta'],
  ],
} as const

/** Decoders of FFmpeg's own: the server's choice of one of these is what a node would choose by itself. */
const ownDecoders = new Set([
  ...[
    'h264',
    'hevc',
    'mpeg2video',
    'mpeg4',
    'msmpeg4v3',
    'vc1',
    'wmv3',
    'vp8',
    'vp9',
    'av1',
    'libdav1d',
    'theora',
  ],
  ...[
    'aac',
    'ac3',
    'eac3',
    'mp2',
    'mp3',
    'flac',
    'alac',
    'opus',
    'vorbis',
    'dca',
    'truehd',
    'pcm_s16le',
    'pcm_s24le',
  ],
  ...[
    'mpeg1video',
    'mjpeg',
    'libopus',
    'mp3float',
    'mp2float',
    'pcm_s16be',
    'pcm_bluray',
    'pcm_dvd',
    'wmav2',
  ],
])

/** Throws NotPlannable unless every option of the command is one that the plan takes into account. */
export function demandUnderstood(command: Command): void {
  const [unknown] = command.unknown
  if (unknown) throw new NotPlannable(`${unknown.option.spelling} is not known`)
  const [problem] = command.problems
  if (problem) throw new NotPlannable(problem.text)
  demandAll(command.globals, understood.globals)
  for (const input of command.inputs) demandAll(input.options, understood.input)
  for (const output of command.outputs) demandAll(output.options, understood.output)
  for (const option of command.inputs.flatMap(({ options }) => options)) demandDecoder(option)
}

function demandAll(options: readonly CommandOption[], names: readonly string[]): void {
  const strange = options.find((option) => !names.includes(option.name))
  if (strange) throw new NotPlannable(`${strange.spelling} is not understood here`)
}

function demandDecoder(option: CommandOption): void {
  if (option.name !== 'codec' || ownDecoders.has(option.value ?? '')) return
  throw new NotPlannable(`the decoder ${option.value}`)
}
