import { hlsArguments } from './hls-arguments.ts'

const list =
  '{PMS}/video/:/transcode/session/s-1/7c0ffee0-0000-4000-8000-000000000009/manifest?stream=subtitles'

/** Outputs of text beside the film, as Plex asks for them: a list of segments, and a file. */
export function besideArguments(stream: string, file: string): string[] {
  return [
    ...hlsArguments(),
    ...['-map', stream, '-metadata:s:0', 'language=eng', '-codec:0', 'ass', '-strict_ts:0', '0'],
    ...['-f', 'segment', '-segment_format', 'ass', '-segment_time', '1'],
    ...['-segment_header_filename', 'sub-header', '-segment_start_number', '0', '-segment_list', list],
    ...['-segment_list_type', 'csv', '-segment_list_size', '5', '-segment_list_separate_stream_times', '1'],
    ...['-segment_format_options', 'ignore_readorder=1', '-segment_list_unfinished', '1'],
    ...['-fflags', '+flush_packets', 'sub-chunk-%05d'],
    ...['-map', stream, '-codec:0', 'copy', '-strict_ts:0', '0', '-f', 'srt', file],
  ]
}
