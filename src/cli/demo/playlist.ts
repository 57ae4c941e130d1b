import type { AnnouncedRow } from './announced-rows.ts'

/**
 * An HLS playlist (RFC 8216) of the announced segments. While the transcoder works it grows (EVENT); when all is made
 * it is whole (VOD) and players may seek in it.
 */
export function playlistText(rows: readonly AnnouncedRow[], whole: boolean): string {
  const seconds = rows.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds)
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    `#EXT-X-PLAYLIST-TYPE:${whole ? 'VOD' : 'EVENT'}`,
    // At least each duration, rounded to the nearest second.
    `#EXT-X-TARGETDURATION:${Math.max(1, ...seconds.map(Math.round))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    ...rows.flatMap(({ name }, index) => [`#EXTINF:${seconds[index]!.toFixed(6)},`, name]),
    ...(whole ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')
}

/** The page at the server's root. */
export function pageText(playlistUrl: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Paceline</title>
<style>body { font: 16px/1.5 sans-serif; margin: 2rem auto; max-width: 60rem } video { width: 100% }</style>
<h1>What your nodes made</h1>
<video controls autoplay muted src="index.m3u8"></video>
<p>If nothing plays here, this browser does not play HLS by itself: open
<a href="index.m3u8">${playlistUrl}</a> in VLC or mpv, or run <code>ffplay ${playlistUrl}</code>.</p>
</html>
`
}
