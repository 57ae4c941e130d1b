/**
 * Containers and bare streams that hold media themselves. A playlist, a script or a description of a session, which name
 * other files and addresses for FFmpeg to open, are none of them.
 */
const containers = `
  matroska webm mov mp4 m4a 3gp 3g2 mj2 mpegts mpegtsraw mpeg avi asf flv ogg rm nut mxf gxf dv wtv
  ivf live_flv mpegvideo h264 hevc av1 obu m4v vc1 wav w64 aiff flac mp3 aac ac3 eac3 dts truehd mlp
  ape tta wv caf srt ass webvtt sup
`
  .trim()
  .split(/\s+/)

/** Options before an input that is a path, or a URL of our own at 127.0.0.1: FFmpeg opens that and nothing else. */
export function inputBounds(address: string): readonly string[] {
  return [
    ...['-protocol_whitelist', address.startsWith('http://127.0.0.1:') ? 'http,tcp' : 'file'],
    ...['-format_whitelist', containers.join(',')],
  ]
}
