import { describe, expect, it } from 'vitest'
import { parseManifest } from '../golden/dash-posts.ts'
import { wholeManifest, wholePlaylist } from './whole-film.ts'

const posted = `<?xml version="1.0" encoding="utf-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"
	type="dynamic"
	minimumUpdatePeriod="PT2S"
	suggestedPresentationDelay="PT2S"
	availabilityStartTime="2026-01-01T00:00:00.000Z"
	publishTime="2026-01-01T00:00:00.000Z"
	timeShiftBufferDepth="PT10.0S"
	maxSegmentDuration="PT2.0S">
	<Period id="0" start="PT0.0S">
		<Representation id="0" codecs="avc1.64001e">
			<SegmentTemplate timescale="12800" media="chunk-stream$RepresentationID$-$Number%05d$.m4s" startNumber="3">
				<SegmentTimeline>
					<S t="51200" d="25600" r="4" />
				</SegmentTimeline>
			</SegmentTemplate>
		</Representation>
	</Period>
</MPD>
`

describe('a film as the server gives it to players', () => {
  it('has all its segments in the playlist before any of them is made', () => {
    expect(wholePlaylist(2, 5.5).split('\n').slice(4)).toEqual([
      ...['#EXT-X-TARGETDURATION:2', '#EXTINF:2.000000,', 'media-00000.ts'],
      ...['#EXTINF:2.000000,', 'media-00001.ts', '#EXTINF:1.500000,', 'media-00002.ts', '#EXT-X-ENDLIST', ''],
    ])
  })

  it('has the manifest that was posted, for all of the film instead of a window', () => {
    const whole = wholeManifest(posted, 2, 240)
    expect(whole).toContain(
      'type="static" mediaPresentationDuration="PT240S"\n\tmaxSegmentDuration="PT2.0S">',
    )
    expect(whole).toContain('codecs="avc1.64001e"')
    expect(whole).toContain('timescale="12800" duration="25600"')
    expect(parseManifest(posted).representations[0]).toHaveLength(5)
    expect(whole).not.toMatch(/SegmentTimeline|dynamic|availabilityStartTime|startNumber="3"/)
  })
})
