import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../command/parse-command.ts'
import { dashListing } from './dash-job.ts'

function listingOf(...options: string[]) {
  const command = parseCommand(['-i', '/media/film.mkv', '-map', '0:0', '-f', 'dash', ...options, 'dash'])
  return dashListing(command.outputs[0]!)
}

describe('what a job of DASH wants listed', () => {
  it('is what Plex writes', () => {
    const listing = listingOf(
      ...['-init_seg_name', 'i$RepresentationID$', '-media_seg_name', 'c$RepresentationID$-$Number%05d$'],
      ...['-window_size', '5', '-delete_removed', 'false'],
    )
    expect(listing).toMatchObject({
      initName: { template: 'i$RepresentationID$' },
      mediaName: { template: 'c$RepresentationID$-$Number%05d$' },
      windowSize: 5,
    })
  })
  it('is what FFmpeg takes where Plex named nothing, in 2019', () => {
    const listing = listingOf('-min_seg_duration', '3000000', '-skip_to_segment', '1')
    expect(listing).toMatchObject({
      initName: { template: 'init-stream$RepresentationID$.m4s' },
      mediaName: { template: 'chunk-stream$RepresentationID$-$Number%05d$.m4s' },
      windowSize: 0,
    })
  })
  it.each([
    [['-init_seg_name', 'a/b$RepresentationID$'], '-init_seg_name a/b$RepresentationID$ is not a plain name'],
    [['-media_seg_name', 'b'], '-media_seg_name b is not a plain name with one number'],
    [['-window_size', 'many'], '-window_size many is not a whole number'],
    [['-window_size', '5'], 'segments are deleted when they leave the manifest'],
    [['-window_size', '5', '-delete_removed', 'true'], 'segments are deleted when they leave the manifest'],
  ])('is not understood with %j', (options, why) => {
    expect(listingOf(...options)).toBe(why)
  })
})
