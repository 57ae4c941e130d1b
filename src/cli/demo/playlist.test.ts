import { describe, expect, it } from 'vitest'
import { pageText, playlistText } from './playlist.ts'

const rows = [
  { name: 'media-00000.ts', startSeconds: 0, endSeconds: 3 },
  { name: 'media-00001.ts', startSeconds: 3, endSeconds: 6.04 },
  { name: 'media-00002.ts', startSeconds: 6.04, endSeconds: 6.5 },
]

describe('the playlist', () => {
  it('lists the segments with their lengths, and is closed when all is made', () => {
    expect(playlistText(rows, true).split('\n')).toEqual([
      ...['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-TARGETDURATION:3'],
      ...['#EXT-X-MEDIA-SEQUENCE:0', '#EXTINF:3.000000,', 'media-00000.ts', '#EXTINF:3.040000,'],
      ...['media-00001.ts', '#EXTINF:0.460000,', 'media-00002.ts', '#EXT-X-ENDLIST', ''],
    ])
  })

  it('stays open while segments are still being made', () => {
    const text = playlistText(rows.slice(0, 1), false)
    expect(text).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    expect(text).not.toContain('ENDLIST')
  })

  it('has a target that no segment exceeds when rounded, and one second at least', () => {
    const long = [{ name: 'media-00000.ts', startSeconds: 0, endSeconds: 4.5 }]
    expect(playlistText(long, true)).toContain('#EXT-X-TARGETDURATION:5')
    expect(playlistText([], false)).toContain('#EXT-X-TARGETDURATION:1')
  })
})

describe('the page', () => {
  it('plays the playlist, and says what to do where the browser cannot', () => {
    const page = pageText('http://127.0.0.1:1/index.m3u8')
    expect(page).toMatch(/<video [^>]*src="index\.m3u8"/)
    expect(page).toContain('ffplay http://127.0.0.1:1/index.m3u8')
    expect(page).toMatch(/VLC or mpv/)
  })
})
