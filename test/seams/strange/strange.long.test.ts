import { afterAll, beforeAll, describe, it } from 'vitest'
import { expectStrange, expectStrangeJob } from './expect-strange.ts'
import { strangeSources } from './strange-sources.ts'
import { TwoClusters } from './two-clusters.ts'

let clusters: TwoClusters

beforeAll(async () => {
  clusters = await TwoClusters.open()
})

afterAll(() => clusters.close())

describe('a film of two nodes whose leases are of one segment each is that of one uncut lease', () => {
  it.each(strangeSources.map((source) => [source.name, source] as const))('from %s', async (_, source) => {
    await expectStrange(clusters, source)
  })
})

/** With the picture as their first stream and sound as the second, as the job has them. */
const played = [
  'from 60 to 10 pictures a second and back',
  'MP4 whose picture begins 1.5 s late',
  'transport stream whose clock runs over',
  'fragmented MP4 without durations',
  'live Matroska without length or index',
  'MP4 with two pieces left out by its edit list',
  'a transport stream twice, one after the other',
  'transport stream with a jump of 7 s',
  'Matroska whose clusters go back by 3 s',
  'a picture that grows half-way, in a transport stream',
  'interlaced MPEG-2 in a program stream',
  'sound that changes from stereo to 5.1',
  'transport stream with bytes missing',
  'Matroska cut short',
]

describe('segments for a player', () => {
  it.each(played.flatMap((name) => [[name, undefined] as const, [name, 2] as const]))(
    'from %s, after a seek to %s',
    async (name, seek) => {
      await expectStrangeJob(clusters, strangeSources.find((source) => source.name === name)!, seek)
    },
  )
})
