/**
 * A job of Plex for an optimised version in MP4, with picture and sound transcoded, in the order of options in which Plex
 * writes it; {PMS}, {MEDIA} and {CWD} are filled in when it is started.
 */
export function fileArguments(output = '{CWD}/a film (2024).mp4.882'): string[] {
  const base = '{PMS}/video/:/transcode/session/s-1/7c0ffee0-0000-4000-8000-000000000011'
  return [
    ...['-codec:0', 'h264', '-codec:1', 'aac', '-analyzeduration', '20000000', '-probesize', '20000000'],
    ...['-i', '{MEDIA}'],
    '-filter_complex',
    '[0:0]scale=w=320:h=180:force_divisible_by=4[0];[0]format=pix_fmts=yuv420p|nv12[1]',
    ...['-map', '[1]', '-metadata:s:0', 'language=eng', '-codec:0', 'libx264', '-crf:0', '21'],
    ...['-maxrate:0', '900k', '-bufsize:0', '1800k', '-preset:0', 'veryfast'],
    ...['-filter_complex', "[0:1] aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000[2]"],
    ...['-map', '[2]', '-metadata:s:1', 'language=eng', '-codec:1', 'aac', '-b:1', '256k', '-f', 'mp4'],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-movflags', '+faststart', output],
    ...['-y', '-nostats', '-loglevel', 'quiet', '-loglevel_plex', 'error'],
    ...['-progressurl', `${base}/progress`],
  ]
}
