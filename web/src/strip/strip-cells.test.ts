import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LeaseView } from '../../../src/head/api/contract/node-view.ts'
import type { SegmentView } from '../../../src/head/api/contract/session-view.ts'
import { type StripSource, stripCells, stripRuns } from './strip-cells.ts'

const made = (index: number, node: string, attempt = node, publishedAtMs: number | null = 1, flags = 0) =>
  [index, node, attempt, publishedAtMs, flags] as const satisfies SegmentView

const lease = (fields: Partial<LeaseView>): LeaseView => ({
  ...{ attempt: 'x', session: 's', node: 'oak', part: 'video', from: 0, to: 10, next: 0 },
  ...{ isHedge: false, isCut: false },
  ...fields,
})

const source = (fields: Partial<StripSource>): StripSource => ({
  timeline: { firstSegment: 0, endSegment: 8, startSeconds: 0, segmentSeconds: 2 },
  ...{ segments: [], cuts: [], leases: [] },
  ...fields,
})

const drawn = (fields: Partial<StripSource>, most = 100) =>
  stripCells(source(fields), most).map(({ segment, node, phase }) => `${segment} ${node} ${phase}`)

describe('the cells of a strip', () => {
  it('are made, then in hand, then leased, then nobody has them', () => {
    const segments = [made(0, 'oak'), made(1, 'oak', 'oak', null)]
    const leases = [lease({ from: 0, to: 4, next: 2 })]
    expect(drawn({ segments, leases })).toEqual([
      ...['0 oak published', '1 oak made', '2 oak making', '3 oak leased'],
      ...['4 null open', '5 null open', '6 null open', '7 null open'],
    ])
  })

  it('begin where the session does after a seek', () => {
    const timeline = { firstSegment: 50, endSegment: 53, startSeconds: 100, segmentSeconds: 2 }
    expect(drawn({ timeline })).toEqual(['50 null open', '51 null open', '52 null open'])
  })

  it('are the newest where the film is longer than the strip, with room for what comes', () => {
    const timeline = { firstSegment: 0, endSegment: 1000, startSeconds: 0, segmentSeconds: 2 }
    const segments = Array.from({ length: 100 }, (_, index) => made(index, 'oak'))
    const cells = stripCells(source({ timeline, segments }), 40)
    expect([cells[0]?.segment, cells.at(-1)?.segment, cells.length]).toEqual([70, 109, 40])
  })

  it('go no further than what is in hand and a little where nobody knows the end', () => {
    const timeline = { firstSegment: 0, endSegment: null, startSeconds: 0, segmentSeconds: 2 }
    expect(drawn({ timeline, segments: [made(0, 'oak')] }, 8)).toEqual([
      ...['0 oak published', '1 null open', '2 null open'],
    ])
  })

  it('tell where the pictures change hands', () => {
    const segments = [made(0, 'oak'), made(1, 'oak', 'second'), made(2, 'elm'), made(4, 'ash')]
    const cells = stripCells(source({ segments }), 100)
    expect(cells.map(({ isHandOver }) => isHandOver).slice(0, 5)).toEqual([false, true, true, false, false])
  })

  it('tell of cuts of pictures only, hedges, and what was leased again', () => {
    const segments = [made(0, 'oak', 'a', 1, 1), made(1, 'elm', 'b', 1, 2), made(2, 'elm', 'b', 1, 3)]
    const cut = { atMs: 0, node: 'oak' }
    const cuts = [
      { ...cut, part: 'video', segment: 1 },
      { ...cut, part: 'audio', segment: 2 },
    ]
    const cells = stripCells(source({ segments, cuts }), 100).slice(0, 3)
    expect(cells.map(({ isCut }) => isCut)).toEqual([false, true, false])
    expect(cells.map(({ isHedged }) => isHedged)).toEqual([true, false, true])
    expect(cells.map(({ isLeasedAgain }) => isLeasedAgain)).toEqual([false, true, true])
  })

  it('show a hedge while it runs, and whose hands the segment is in', () => {
    const leases = [
      lease({ from: 2, to: 9, next: 2 }),
      lease({ node: 'elm', from: 2, to: 3, next: 2, isHedge: true }),
    ]
    const cells = stripCells(source({ segments: [made(0, 'oak'), made(1, 'oak')], leases }), 100)
    expect(cells[2]).toMatchObject({ node: 'oak', phase: 'making', isHedged: true })
    expect(cells[3]).toMatchObject({ node: 'oak', phase: 'leased', isHedged: false })
  })

  it('leave out leases on sound', () => {
    expect(drawn({ leases: [lease({ part: 'audio' })] })[0]).toBe('0 null open')
  })

  it('are all there, each once, ascending, and equal to what the head recorded', () => {
    const sample = fc.record({
      count: fc.nat(300),
      most: fc.integer({ min: 4, max: 200 }),
      first: fc.nat(40),
      nodes: fc.infiniteStream(fc.constantFrom('oak', 'elm', 'ash')),
    })
    fc.assert(
      fc.property(sample, ({ count, most, first, nodes }) => {
        const segments = Array.from({ length: count }, (_, index) => made(first + index, nodes.next().value!))
        const timeline = { firstSegment: first, endSegment: null, startSeconds: 0, segmentSeconds: 2 }
        const cells = stripCells(source({ timeline, segments }), most)
        expect(cells.length).toBeLessThanOrEqual(most)
        expect(cells.map(({ segment }) => segment)).toEqual(
          cells.map((_, place) => cells[0]!.segment + place),
        )
        const shown = cells.filter(({ phase }) => phase === 'published')
        expect(shown.map(({ segment, node }) => [segment, node])).toEqual(
          segments.slice(count - shown.length).map(([index, node]) => [index, node]),
        )
      }),
    )
  })
})

describe('the stretches of one lease', () => {
  it('end where another begins, where there is a hole, and where a lease was cut', () => {
    const segments = [made(0, 'oak'), made(1, 'oak'), made(2, 'elm'), made(4, 'elm'), made(5, 'elm')]
    const cuts = [{ atMs: 0, part: 'video', segment: 5, node: 'elm' }]
    expect(stripRuns(stripCells(source({ segments, cuts }), 100))).toEqual([
      ...[
        { node: 'oak', from: 0, to: 2 },
        { node: 'elm', from: 2, to: 3 },
      ],
      ...[
        { node: 'elm', from: 4, to: 5 },
        { node: 'elm', from: 5, to: 6 },
      ],
    ])
  })
})
