import type { DemoFilm } from './demo-film.ts'

/** Seconds of each segment: what Plex asks for where it remuxes nothing. */
export const segmentSeconds = 3

/**
 * The argument list with which Plex would start its transcoder for this film: HLS through ssegment in MPEG-TS, 720p in
 * H.264, stereo in AAC (order and options as in recordings of Plex Media Server 1.43).
 * @param jobUrl base of the job's calls; the transcoder reports to `/progress` and posts its list to `/manifest` below.
 */
export function transcoderArguments(film: DemoFilm, jobUrl: string): string[] {
  const { picture, sound } = film
  return [
    ...decoder(picture),
    ...(sound ? decoder(sound) : []),
    ...['-analyzeduration', '20000000', '-probesize', '20000000', '-i', film.path],
    ...['-start_at_zero', '-copyts', '-fps_mode', 'cfr', '-y', '-nostats', '-loglevel', 'quiet'],
    ...['-loglevel_plex', 'error', '-progressurl', `${jobUrl}/progress`],
    ...pictureArguments(picture),
    ...(sound ? soundArguments(sound) : []),
    ...segmentArguments(jobUrl),
    'media-%05d.ts',
  ]
}

function decoder(stream: { readonly index: number; readonly decoder: string | null }): string[] {
  return stream.decoder === null ? [] : [`-codec:${stream.index}`, stream.decoder]
}

function pictureArguments({ index, width, height, rate, language }: DemoFilm['picture']): string[] {
  const scale = `[0:${index}]scale=w=${width}:h=${height}:force_divisible_by=4[0]`
  return [
    ...['-filter_complex', `${scale};[0]format=pix_fmts=yuv420p|nv12[1]`, '-map', '[1]'],
    ...['-metadata:s:0', `language=${language ?? 'und'}`],
    ...['-codec:0', 'libx264', '-crf:0', '21', '-maxrate:0', '3419k', '-bufsize:0', '6838k'],
    ...(rate === null ? [] : ['-r:0', rate]),
    ...['-preset:0', 'veryfast', '-x264opts:0', 'subme=2:me_range=4:rc_lookahead=20:me=hex'],
    ...['-force_key_frames:0', `expr:gte(t,n_forced*${segmentSeconds})`],
  ]
}

function soundArguments({ index, language }: NonNullable<DemoFilm['sound']>): string[] {
  const resampler = "aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000"
  return [
    ...['-filter_complex', `[0:${index}] ${resampler}[2]`, '-map', '[2]'],
    ...['-metadata:s:1', `language=${language ?? 'und'}`, '-codec:1', 'aac', '-b:1', '119k'],
  ]
}

function segmentArguments(jobUrl: string): string[] {
  return [
    ...['-segment_format', 'mpegts', '-f', 'ssegment', '-individual_header_trailer', '0'],
    ...[
      '-segment_time',
      String(segmentSeconds),
      '-segment_start_number',
      '0',
      '-segment_time_delta',
      '0.0625',
    ],
    ...['-segment_list', `${jobUrl}/manifest?X-Plex-Http-Pipeline=infinite`],
    ...['-segment_list_type', 'csv', '-segment_list_size', '5'],
    ...['-segment_list_separate_stream_times', '1', '-segment_list_unfinished', '1'],
    ...['-segment_format_options', 'output_ts_offset=10', '-max_delay', '5000000'],
    ...['-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1'],
  ]
}
