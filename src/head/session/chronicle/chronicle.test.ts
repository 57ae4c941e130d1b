import { beforeEach, describe, expect, it } from 'vitest'
import type { EndedReport } from '../../../cluster/messages.ts'
import type { CarriedLease } from '../lease-carrier.ts'
import { type Chronicle, createChronicle, mostCuts, mostMoments, mostRan } from './chronicle.ts'

let wallMs: number
let changes: (number | undefined)[]
let chronicle: Chronicle

beforeEach(() => {
  wallMs = 1_000_000
  changes = []
  chronicle = createChronicle({
    firstSegment: 0,
    wallNow: () => wallMs,
    onChange: (segment) => void changes.push(segment),
  })
})

function lease(attempt: string, more: Partial<CarriedLease> = {}): CarriedLease {
  return { attempt, part: 'video', node: 'n1', nodeName: 'loft', from: 0, grantedMs: 0, ...more }
}

const granted = { to: 8, args: ['-i', '{input:0}'], why: 'it is there' }

function report(more: Partial<EndedReport>): EndedReport {
  return {
    ...{ type: 'ended', node: 'n1', attempt: 's-0', outcome: 'clean', next: 8, exitCode: 0, stderr: '' },
    ...more,
  }
}

describe('what is written down of leases', () => {
  it('keeps what the node was told to run, and how it ended', () => {
    chronicle.granted(lease('s-0', { platform: 'nvidia', rung: 'full' }), granted)
    expect(chronicle.ran).toMatchObject([
      { attempt: 's-0', node: 'loft', way: 'nvidia:full', args: ['-i', '{input:0}'], outcome: null },
    ])
    chronicle.closed(lease('s-0'), report({}))
    expect(chronicle.ran).toMatchObject([{ outcome: 'clean', reason: null }])
  })

  it('says of a failure what ffmpeg said last, and marks what is missing', () => {
    chronicle.granted(lease('s-0'), granted)
    chronicle.arrived(lease('s-0'), 0, 3)
    chronicle.closed(lease('s-0'), report({ outcome: 'failed', next: 1, stderr: 'one\nout of memory\n' }))
    expect(chronicle.ran).toMatchObject([{ outcome: 'failed', reason: 'out of memory' }])
    expect(chronicle.moments.at(-1)).toMatchObject({ kind: 'failed', words: 'video of loft: out of memory' })
    chronicle.arrived(lease('s-1'), 1, 3)
    expect(chronicle.strip.rows().map(({ isLeasedAgain }) => isLeasedAgain)).toEqual([false, true])
  })

  it('has the exit code where ffmpeg said nothing', () => {
    chronicle.granted(lease('s-0'), granted)
    chronicle.closed(lease('s-0'), report({ outcome: 'failed', exitCode: 187 }))
    expect(chronicle.ran[0]?.reason).toBe('ffmpeg ended with 187')
  })

  it('marks what a lost node had, of that node only', () => {
    chronicle.granted(lease('s-0'), { ...granted, to: 2 })
    chronicle.granted(lease('s-1', { node: 'n2', nodeName: 'attic', from: 2 }), granted)
    chronicle.nodeLost('n1')
    chronicle.arrived(lease('s-2', { nodeName: 'attic' }), 0, 3)
    chronicle.arrived(lease('s-1', { nodeName: 'attic' }), 2, 3)
    expect(chronicle.strip.rows().map(({ isLeasedAgain }) => isLeasedAgain)).toEqual([true, false])
    expect(chronicle.ran.map(({ outcome }) => outcome)).toEqual(['lost', null])
    // The carrier lets go of it afterwards: it stays lost.
    chronicle.closed(lease('s-0'), null)
    expect(chronicle.ran[0]?.outcome).toBe('lost')
  })

  it('knows which lease is a hedge, and which was cut, as long as it runs', () => {
    chronicle.hedged('s-1', 4)
    chronicle.granted(lease('s-1', { from: 4 }), granted)
    chronicle.granted(lease('s-0'), granted)
    chronicle.cut('s-0', 4)
    expect([chronicle.isHedge('s-1'), chronicle.isHedge('s-0')]).toEqual([true, false])
    expect([chronicle.isCut('s-1'), chronicle.isCut('s-0')]).toEqual([false, true])
    expect(chronicle.cuts).toEqual([{ atMs: wallMs, part: 'video', segment: 4, node: 'loft' }])
    chronicle.closed(lease('s-0'), report({ outcome: 'stopped' }))
    expect(chronicle.isCut('s-0')).toBe(false)
  })

  it('counts no cut behind the end of a lease, nor of one that is not there', () => {
    chronicle.granted(lease('s-0'), granted)
    chronicle.cut('s-0', 8)
    chronicle.cut('s-9', 2)
    expect(chronicle.cuts).toEqual([])
  })

  it('does not mix sound into the strip', () => {
    chronicle.granted(lease('s-0', { part: 'audio' }), granted)
    chronicle.arrived(lease('s-0', { part: 'audio' }), 0, 0)
    expect(chronicle.strip.rows()).toEqual([])
    expect(chronicle.speed()).toBeNull()
  })
})

describe('how fast a session is', () => {
  it('is what was made in the last ten seconds', () => {
    expect(chronicle.speed()).toBeNull()
    chronicle.arrived(lease('s-0'), 0, 3)
    wallMs += 4_000
    chronicle.arrived(lease('s-0'), 1, 3)
    // Four seconds after its beginning six were made.
    expect(chronicle.speed()).toBeCloseTo(1.5)
    wallMs += 20_000
    expect(chronicle.speed()).toBe(0)
  })
})

describe('what is kept', () => {
  it('is bounded, however long a session runs', () => {
    for (let n = 0; n < 1_000; n++) {
      chronicle.granted(lease(`s-${n}`), granted)
      chronicle.cut(`s-${n}`, 1)
      chronicle.closed(lease(`s-${n}`), null)
    }
    expect([chronicle.moments.length, chronicle.ran.length, chronicle.cuts.length]).toEqual([
      mostMoments,
      mostRan,
      mostCuts,
    ])
    expect(chronicle.ran.at(-1)?.attempt).toBe('s-999')
  })

  it('says when something changes, and in which segment', () => {
    changes.length = 0
    chronicle.arrived(lease('s-0'), 7, 3)
    chronicle.published(7)
    chronicle.throttled(true)
    expect(changes.filter((segment) => segment === 7).length).toBeGreaterThanOrEqual(2)
    expect(changes.at(-1)).toBeUndefined()
  })

  it('notes the first publication, and how it ended', () => {
    for (const segment of [0, 1, 2]) chronicle.published(segment)
    chronicle.over({ how: 'failed', reason: 'no node is left' })
    const words = chronicle.moments.map((moment) => moment.words)
    expect(words.filter((each) => each === 'the first segment is published')).toHaveLength(1)
    expect(words.at(-1)).toBe('failed: no node is left')
    expect(chronicle.endedAtMs).toBe(wallMs)
    expect(chronicle.isLocal).toBe(false)
    chronicle.wentLocal()
    expect(chronicle.isLocal).toBe(true)
  })
})
