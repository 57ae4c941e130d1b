/** A playlist of all segments, as Plex gives it before any of them is made. */
export function wholePlaylist(segmentSeconds: number, durationSeconds: number): string {
  const count = Math.ceil(durationSeconds / segmentSeconds)
  const rows = Array.from({ length: count }, (_, number) => {
    const seconds = Math.min(segmentSeconds, durationSeconds - number * segmentSeconds)
    return `#EXTINF:${seconds.toFixed(6)},\nmedia-${String(number).padStart(5, '0')}.ts\n`
  })
  const header = ['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-MEDIA-SEQUENCE:0']
  return `${[...header, `#EXT-X-TARGETDURATION:${segmentSeconds}`].join('\n')}\n${rows.join('')}#EXT-X-ENDLIST\n`
}

/**
 * The manifest that a job has posted, about the whole film: what it says of streams, codecs and names stays, and the
 * window of segments that are made gives way to the length that all of them have.
 */
export function wholeManifest(posted: string, segmentSeconds: number, durationSeconds: number): string {
  const length = `mediaPresentationDuration="PT${durationSeconds}S"`
  return posted
    .replace(/<MPD[^>]*>/, (tag) =>
      tag
        .replace(/\s+(?:minimumUpdatePeriod|suggestedPresentationDelay|availabilityStartTime)="[^"]*"/g, '')
        .replace(/\s+(?:publishTime|timeShiftBufferDepth|mediaPresentationDuration)="[^"]*"/g, '')
        .replace(/type="\w+"/, `type="static" ${length}`),
    )
    .replace(/timescale="(\d+)"/g, (text, timescale) => `${text} duration="${timescale * segmentSeconds}"`)
    .replace(/startNumber="\d+"/g, 'startNumber="1"')
    .replace(/<SegmentTimeline>[\s\S]*?<\/SegmentTimeline>/g, '')
}
