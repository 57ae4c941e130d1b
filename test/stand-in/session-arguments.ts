import type { DemoFilm } from '../../src/cli/demo/demo-film.ts'

/** What a player wants of Plex: how, from where, and how Plex writes it down. */
export interface WantedSession {
  readonly protocol: 'hls' | 'dash'
  /** A multiple of `segmentSeconds`. */
  readonly startSeconds: number
  readonly segmentSeconds: number
  /** `old`: what belongs to the whole run stands at the end, as Plex wrote it until 2024. */
  readonly layout: 'new' | 'old'
  readonly session: string
  readonly job: string
}

/**
 * The command line of a session as Plex Media Server 1.43 writes it, with {PMS} and {MEDIA} in place of what changes
 * (order and options as in recordings of it).
 */
export function sessionArguments(film: DemoFilm, wanted: WantedSession): string[] {
  const { startSeconds, layout } = wanted
  const base = `{PMS}/video/:/transcode/session/${wanted.session}/${wanted.job}`
  const isSeek = startSeconds > 0
  const times = ['-start_at_zero', '-copyts']
  const constantRate = layout === 'old' ? ['-vsync', 'cfr'] : isSeek ? [] : ['-fps_mode', 'cfr']
  const reporting = ['-loglevel', 'quiet', '-loglevel_plex', 'error', '-progressurl', `${base}/progress`]
  const whole = [...times, ...constantRate, '-y', '-nostats', ...reporting]
  return [
    ...decoderOf(film.picture),
    ...(film.sound ? decoderOf(film.sound) : []),
    ...(isSeek ? ['-ss', String(startSeconds)] : []),
    ...['-analyzeduration', '20000000', '-probesize', '20000000', '-i', '{MEDIA}'],
    ...(layout === 'new' ? whole : []),
    ...pictureOf(film, wanted.segmentSeconds),
    ...soundOf(film),
    ...(wanted.protocol === 'hls' ? hlsOf(wanted, base) : dashOf(wanted, base)),
    ...(layout === 'old' ? whole : []),
  ]
}

/** An optimised version: one file, here with a name that Plex would give it, below the job's folder. */
export function optimiseArguments(film: DemoFilm, session: string, job: string): string[] {
  return [
    ...decoderOf(film.picture),
    ...['-analyzeduration', '20000000', '-probesize', '20000000', '-i', '{MEDIA}'],
    ...['-filter_complex', scaleOf(film), '-map', '[1]'],
    ...['-codec:0', 'libx264', '-crf:0', '16', '-maxrate:0', '8000k', '-bufsize:0', '16000k'],
    ...['-preset:0', 'veryfast'],
    ...(film.sound ? ['-map', `0:${film.sound.index}`, '-codec:1', 'aac', '-b:1', '160k'] : []),
    ...['-f', 'mp4', '-map_metadata', '-1', '-map_chapters', '-1', '-movflags', '+faststart'],
    ...['{CWD}/a movie (2024).mp4.882', '-y', '-nostats', '-loglevel', 'quiet', '-loglevel_plex', 'error'],
    ...['-progressurl', `{PMS}/video/:/transcode/session/${session}/${job}/progress`],
  ]
}

/** Preview pictures: none of the head's business, and what the transcoder says goes to its standard error. */
export function thumbnailArguments(film: DemoFilm): string[] {
  return [
    ...decoderOf(film.picture),
    ...['-analyzeduration', '20000000', '-probesize', '20000000', '-i', '{MEDIA}', '-an', '-y', '-nostats'],
    ...['-vf', 'fps=1,scale=w=320:h=-2', '-frames:v', '3', '-f', 'image2', 'thumb-%05d.jpeg'],
  ]
}

function decoderOf(stream: { readonly index: number; readonly decoder: string | null }): string[] {
  return stream.decoder === null ? [] : [`-codec:${stream.index}`, stream.decoder]
}

const scaleOf = ({ picture: { index, width, height } }: DemoFilm): string =>
  `[0:${index}]scale=w=${width}:h=${height}:force_divisible_by=4[0];[0]format=pix_fmts=yuv420p|nv12[1]`

function pictureOf(film: DemoFilm, segmentSeconds: number): string[] {
  const { language, rate } = film.picture
  return [
    ...['-filter_complex', scaleOf(film), '-map', '[1]', '-metadata:s:0', `language=${language ?? 'und'}`],
    ...['-codec:0', 'libx264', '-crf:0', '21', '-maxrate:0', '3419k', '-bufsize:0', '6838k'],
    ...(rate === null ? [] : ['-r:0', rate]),
    ...['-preset:0', 'veryfast', '-x264opts:0', 'subme=2:me_range=4:rc_lookahead=20:me=hex'],
    ...['-force_key_frames:0', `expr:gte(t,n_forced*${segmentSeconds})`],
  ]
}

function soundOf({ sound }: DemoFilm): string[] {
  if (!sound) return []
  const resampler = "aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000"
  return [
    ...['-filter_complex', `[0:${sound.index}] ${resampler}[2]`, '-map', '[2]'],
    ...['-metadata:s:1', `language=${sound.language ?? 'und'}`, '-codec:1', 'aac', '-b:1', '119k'],
  ]
}

const plainTimes = ['-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1']

function hlsOf({ segmentSeconds, startSeconds }: WantedSession, base: string): string[] {
  const first = String(startSeconds / segmentSeconds)
  return [
    ...['-segment_format', 'mpegts', '-f', 'ssegment', '-individual_header_trailer', '0'],
    ...['-segment_time', String(segmentSeconds), '-segment_start_number', first],
    ...['-segment_time_delta', '0.0625', '-segment_list', `${base}/manifest?X-Plex-Http-Pipeline=infinite`],
    ...['-segment_list_type', 'csv', '-segment_list_size', '5', '-segment_list_separate_stream_times', '1'],
    ...['-segment_list_unfinished', '1', '-segment_format_options', 'output_ts_offset=10'],
    ...['-max_delay', '5000000', ...plainTimes, 'media-%05d.ts'],
  ]
}

function dashOf({ segmentSeconds, startSeconds }: WantedSession, base: string): string[] {
  return [
    ...['-f', 'dash', '-seg_duration', String(segmentSeconds), '-dash_segment_type', 'mp4'],
    ...['-init_seg_name', 'init-stream$RepresentationID$.m4s'],
    ...['-media_seg_name', 'chunk-stream$RepresentationID$-$Number%05d$.m4s'],
    ...['-window_size', '5', '-delete_removed', 'false'],
    ...['-skip_to_segment', String(startSeconds / segmentSeconds + 1)],
    ...['-manifest_name', `${base}/manifest?X-Plex-Http-Pipeline=infinite`, ...plainTimes, 'dash'],
  ]
}
