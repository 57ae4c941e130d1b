import { describe, expect, test } from 'vitest'
import { VirtualCluster } from './testing/virtual-cluster.ts'

function nodesOf(...speeds: number[]) {
  return speeds.map((speed, index) => ({ id: `node-${String(index).padStart(2, '0')}`, speed }))
}

describe('a whole file of 120 s', () => {
  test.each([1, 2, 4, 8, 12])('takes %i equal nodes an equal share of the time', (count) => {
    const nodes = nodesOf(...Array.from({ length: count }, () => 1))
    const ends = { video: 60, audio: 60 }
    const cluster = new VirtualCluster({ mode: 'file', nodes, expectedEndSegment: 60, ends }).run()
    const seconds = cluster.finishedMs! / 1000
    // A twentieth of the work more for the sound, a segment of 2 s that cannot be shared, and the starts.
    expect(seconds).toBeLessThanOrEqual(126 / count + 2 + 0.8)
    // One process for each node and one for the sound; at most one share is corrected at the end.
    expect(cluster.ledger.counts.grants).toBeLessThanOrEqual(count + 2)
    expect(cluster.ledger.counts.cuts).toBeLessThanOrEqual(1)
  })

  test('is levelled out between nodes whose speed nobody knew', () => {
    const nodes = nodesOf(3, 1, 1, 0.5)
    const cluster = new VirtualCluster({
      mode: 'file',
      nodes,
      expectedEndSegment: 60,
      ends: { video: 60 },
    }).run()
    expect(cluster.finishedMs! / 1000).toBeLessThanOrEqual((120 / 5.5) * 1.2)
    expect(cluster.ledger.counts.grants).toBeLessThanOrEqual(12)
  })

  test('is not held up by a node that dies', () => {
    const nodes = nodesOf(1, 1, 1)
    const cluster = new VirtualCluster({ mode: 'file', nodes, expectedEndSegment: 60, ends: { video: 60 } })
    cluster.clock.after(20_000, () => cluster.kill('node-01', 2000))
    // 60 s of work are left for two when the third dies.
    expect(cluster.run().finishedMs! / 1000).toBeLessThanOrEqual(20 + 30 + 2 * 2.4)
  })
})

describe('a stream', () => {
  test.each([1, 2, 3, 4, 8, 12])(
    'gets at least 0.85 of what %i nodes can do once the lead has grown',
    (count) => {
      const nodes = nodesOf(...Array.from({ length: count }, () => 1))
      const ends = { video: 400, audio: 400 }
      const cluster = new VirtualCluster({ mode: 'stream', nodes, expectedEndSegment: 400, ends }).run()
      const published = cluster.log.filter(({ action }) => action.type === 'publish').map(({ atMs }) => atMs)
      const speed = (2 * 200) / ((published[380]! - published[180]!) / 1000)
      // Sound takes a twentieth of one node's time for each second of source.
      expect(speed).toBeGreaterThanOrEqual((0.85 * count) / 1.05)
    },
  )

  test('plays without a stall on two nodes of which neither is fast enough', () => {
    const ends = { video: 200, audio: 200 }
    const nodes = nodesOf(0.6, 0.6)
    const cluster = new VirtualCluster({ mode: 'stream', nodes, expectedEndSegment: 200, ends }).run()
    const published = cluster.log.filter(({ action }) => action.type === 'publish').map(({ atMs }) => atMs)
    // A player that fills its buffer with three segments first, as HLS wants it.
    const startMs = published[2]!
    const late = published.filter((atMs, segment) => atMs > startMs + segment * 2000)
    expect(late).toEqual([])
  })

  test('first of all leases the first segment, to the fastest node', () => {
    const nodes = [
      { id: 'a', speed: 1, isKnown: true },
      { id: 'b', speed: 1.5, isKnown: true },
    ]
    const options = { mode: 'stream', nodes, expectedEndSegment: 30, ends: { video: 30, audio: 30 } } as const
    const cluster = new VirtualCluster(options).run()
    expect(cluster.log[0]?.action).toMatchObject({ type: 'grant', part: 'video', node: 'b', from: 0, to: 1 })
    const first = cluster.log.find(({ action }) => action.type === 'publish')
    expect(first?.atMs).toBeLessThan(400 + 2000 / 1.5 + 20)
  })

  test('leases a dead node’s segments again the moment it is known', () => {
    const nodes = nodesOf(1, 1, 1)
    const options = { mode: 'stream', nodes, expectedEndSegment: 100, ends: { video: 100 } } as const
    const cluster = new VirtualCluster(options)
    cluster.clock.after(40_000, () => cluster.kill('node-01', 1500))
    cluster.run()
    const lost = cluster.log.filter(({ atMs, action }) => atMs === 41_500 && action.type === 'grant')
    expect(lost.length).toBeGreaterThanOrEqual(1)
    expect(cluster.ledger.outcome).toEqual({ type: 'finish', endSegment: 100 })
  })

  test('costs next to no orders on one node: a lease for each part, and credit in large steps', () => {
    const options = { nodes: nodesOf(2), expectedEndSegment: 500, ends: { video: 500, audio: 500 } }
    const cluster = new VirtualCluster({ mode: 'stream', ...options }).run()
    expect(cluster.ledger.counts).toMatchObject({ grants: 2, cuts: 0, cancels: 0 })
    expect(cluster.ledger.counts.extends).toBeLessThanOrEqual(2 * (1000 / 15))
  })
})
