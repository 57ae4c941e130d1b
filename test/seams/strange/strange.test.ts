import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectStrange } from './expect-strange.ts'
import { strangeSources } from './strange-sources.ts'
import { TwoClusters } from './two-clusters.ts'

/** For each run of the tests; the rest is among the long ones. */
const nastiest = [
  'MP4 with pieces in another order',
  'a transport stream twice, one after the other',
  'a picture that grows half-way, in a transport stream',
  'fragmented MP4 out of a pipe, a fragment a picture',
  'MP4 cut short, its index first',
  'text that calls itself a film',
]

let clusters: TwoClusters

beforeAll(async () => {
  clusters = await TwoClusters.open()
})

afterAll(() => clusters.close())

describe('leases of one segment each give what one uncut lease gives', () => {
  it.each(nastiest)('from %s', async (name) => {
    await expectStrange(clusters, strangeSources.find((source) => source.name === name)!)
  })

  it('has no source twice', () => {
    expect(new Set(strangeSources.map(({ name }) => name)).size).toBe(strangeSources.length)
    expect(strangeSources.length).toBeGreaterThan(100)
  })
})
