import { describe, expect, it } from 'vitest'
import type { CarriedLease } from './lease-carrier.ts'
import type { FinishedSegment } from './output.ts'
import { createTally, newWays, wayName } from './tally.ts'

const lease = (node: string, part = 'video'): CarriedLease => ({
  ...{ attempt: `${node}-0`, part, node, nodeName: `name of ${node}`, from: 0, grantedMs: 0 },
})

const finished = (segment: number, frames: number): FinishedSegment => ({
  ...{ segment, frames, bytes: Buffer.alloc(0), last: false },
  ...{ startSeconds: segment * 2, endSeconds: segment * 2 + 2 },
  ...{ endVideoSeconds: segment * 2 + 2, endAudioSeconds: segment * 2 + 2.01 },
})

describe('the tally of a session', () => {
  it('begins with nothing', () => {
    const tally = createTally()
    expect(tally).toMatchObject({
      frames: 0,
      hedges: 0,
      publishedSegments: 0,
      publishedUntilSeconds: null,
      arrivals: [],
    })
    expect(tally.segmentsByNode.size).toBe(0)
  })

  it('remembers in which ways each node made pictures, each way once', () => {
    const tally = createTally()
    const ways = [{ platform: 'nvidia', rung: 'full' as const }, { platform: 'software' }, {}]
    for (const [segment, way] of [...ways, ...ways].entries())
      tally.arrived({ ...lease('a'), ...way }, segment)
    tally.arrived({ ...lease('b', 'audio'), platform: 'software' }, 0)
    expect(Object.fromEntries(tally.waysByNode)).toEqual({ 'name of a': ['nvidia:full', 'software'] })
  })

  it('says of each node when it makes pictures in another way than before', () => {
    const isNew = newWays()
    const full = wayName({ platform: 'nvidia', rung: 'full' })
    expect(full).toBe('nvidia:full')
    const told = [
      ...[isNew('a', full), isNew('a', full), isNew('b', full)],
      ...[isNew('a', wayName({ platform: 'software' })), isNew('a', wayName({})), isNew('a', full)],
    ]
    expect(told).toEqual([true, false, true, true, true, false])
  })

  it('counts picture segments by the names of nodes, and remembers who made which', () => {
    const tally = createTally()
    tally.arrived(lease('a'), 0)
    tally.arrived(lease('b'), 3)
    tally.arrived(lease('a'), 1)
    expect(Object.fromEntries(tally.segmentsByNode)).toEqual({ 'name of a': 2, 'name of b': 1 })
    expect(tally.arrivals).toEqual([
      { segment: 0, node: 'name of a' },
      { segment: 3, node: 'name of b' },
      { segment: 1, node: 'name of a' },
    ])
  })

  it('does not count sound, which comes with the picture', () => {
    const tally = createTally()
    tally.arrived(lease('a', 'audio'), 0)
    expect(tally.segmentsByNode.size).toBe(0)
    expect(tally.arrivals).toEqual([])
  })

  it('counts hedges', () => {
    const tally = createTally()
    tally.hedged()
    tally.hedged()
    expect(tally.hedges).toBe(2)
  })

  it('adds up what was published', () => {
    const tally = createTally()
    tally.published(finished(0, 50))
    tally.published(finished(1, 12))
    expect(tally).toMatchObject({ frames: 62, publishedSegments: 2, publishedUntilSeconds: 4 })
  })

  it('remembers what it waits for until it goes on, and what of that is news', () => {
    const tally = createTally()
    expect([tally.waits('a'), tally.waits('a'), tally.waits('b')]).toEqual([true, false, true])
    expect([...tally.waitsFor]).toEqual(['a', 'b'])
    expect([tally.goesOn('a'), tally.goesOn('a')]).toEqual([true, false])
    expect([...tally.waitsFor]).toEqual(['b'])
  })
})
