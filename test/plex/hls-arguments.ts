/**
 * A job of Plex for HLS in MPEG-TS, with picture and sound transcoded; {PMS} and {MEDIA} are filled in when it is
 * started. `seek` adds `-ss` and the number of the first segment, as the server does.
 */
export function hlsArguments(
  options: {
    seek?: number
    segmentSeconds?: number
    size?: `${number}x${number}`
    /** Of an HDR film: the curve by which it becomes SDR. */
    toneMap?: string
    maxrateKilobits?: number
  } = {},
): string[] {
  const { seek, segmentSeconds = 2, size = '320x180', toneMap, maxrateKilobits = 900 } = options
  const [width, height] = size.split('x')
  const base = '{PMS}/video/:/transcode/session/s-1/7c0ffee0-0000-4000-8000-000000000009'
  const mapped = toneMap === undefined ? '' : `format=p010,tonemap=${toneMap},`
  const start = seek === undefined ? [] : ['-ss', String(seek)]
  return [
    ...[...start, '-analyzeduration', '20000000', '-probesize', '20000000', '-i', '{MEDIA}'],
    ...['-start_at_zero', '-copyts', ...(seek === undefined ? ['-fps_mode', 'cfr'] : [])],
    ...[
      '-y',
      '-nostats',
      '-loglevel',
      'quiet',
      '-loglevel_plex',
      'error',
      '-progressurl',
      `${base}/progress`,
    ],
    ...[
      '-filter_complex',
      `[0:0]scale=w=${width}:h=${height}:force_divisible_by=4[0];[0]${mapped}format=pix_fmts=yuv420p|nv12[1]`,
    ],
    ...[
      '-map',
      '[1]',
      '-metadata:s:0',
      'language=eng',
      '-codec:0',
      'libx264',
      '-crf:0',
      '21',
      '-maxrate:0',
      `${maxrateKilobits}k`,
    ],
    ...[
      '-bufsize:0',
      `${2 * maxrateKilobits}k`,
      '-r:0',
      '25',
      '-preset:0',
      'veryfast',
      '-x264opts:0',
      'subme=2:me_range=4:me=hex',
    ],
    ...['-force_key_frames:0', `expr:gte(t,n_forced*${segmentSeconds})`],
    ...['-filter_complex', "[0:1] aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000[2]"],
    ...['-map', '[2]', '-metadata:s:1', 'language=eng', '-codec:1', 'aac', '-b:1', '119k'],
    ...['-segment_format', 'mpegts', '-f', 'ssegment', '-individual_header_trailer', '0'],
    ...[
      '-segment_time',
      String(segmentSeconds),
      '-segment_start_number',
      String((seek ?? 0) / segmentSeconds),
    ],
    ...['-segment_time_delta', '0.0625', '-segment_list', `${base}/manifest?X-Plex-Http-Pipeline=infinite`],
    ...['-segment_list_type', 'csv', '-segment_list_size', '5', '-segment_list_separate_stream_times', '1'],
    ...[
      '-segment_list_unfinished',
      '1',
      '-segment_format_options',
      'output_ts_offset=10',
      '-max_delay',
      '5000000',
    ],
    ...['-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1', 'media-%05d.ts'],
  ]
}
