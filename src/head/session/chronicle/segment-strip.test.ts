import { describe, expect, it } from 'vitest'
import { createSegmentStrip } from './segment-strip.ts'

describe('the strip of segments', () => {
  it('tells who made what in the order of numbers, whatever came first', () => {
    const strip = createSegmentStrip(10)
    strip.arrived(12, 'attic', 's-1')
    strip.arrived(10, 'loft', 's-0')
    strip.arrived(13, 'attic', 's-1')
    expect(strip.rows().map(({ segment, node, attempt }) => [segment, node, attempt])).toEqual([
      [10, 'loft', 's-0'],
      [12, 'attic', 's-1'],
      [13, 'attic', 's-1'],
    ])
  })

  it('knows when a segment was published, and counts each once', () => {
    const strip = createSegmentStrip(0)
    strip.arrived(0, 'loft', 's-0')
    strip.arrived(1, 'loft', 's-0')
    strip.published(0, 5_000)
    strip.published(0, 6_000)
    expect(strip.rows().map(({ publishedAtMs }) => publishedAtMs)).toEqual([6_000, null])
    expect(strip.publishedCount).toBe(1)
  })

  it('marks a segment that was made a second time for fear of coming late', () => {
    const strip = createSegmentStrip(0)
    strip.hedged(1)
    for (const segment of [0, 1, 2]) strip.arrived(segment, 'loft', 's-0')
    expect(strip.rows().map(({ isHedged }) => isHedged)).toEqual([false, true, false])
  })

  it('marks what was leased again, and not what had arrived before that', () => {
    const strip = createSegmentStrip(0)
    strip.arrived(0, 'loft', 's-0')
    strip.missing(1, 3)
    for (const segment of [1, 2, 3]) strip.arrived(segment, 'attic', 's-1')
    expect(strip.rows().map(({ isLeasedAgain }) => isLeasedAgain)).toEqual([false, true, true, false])
  })

  it('gives the last numbers only where no more are wanted', () => {
    const strip = createSegmentStrip(0)
    for (let segment = 0; segment < 500; segment++) strip.arrived(segment, 'loft', 's-0')
    const rows = strip.rows(240)
    expect([rows.length, rows[0]?.segment, rows.at(-1)?.segment]).toEqual([240, 260, 499])
  })

  it('leaves out what is from before its beginning, and tells nothing of what never came', () => {
    const strip = createSegmentStrip(10)
    strip.arrived(9, 'loft', 's-0')
    strip.published(9, 1)
    strip.hedged(9)
    strip.published(11, 1)
    expect(strip.rows()).toEqual([])
    expect([strip.row(9), strip.row(11), strip.row(99)]).toEqual([undefined, undefined, undefined])
  })
})
