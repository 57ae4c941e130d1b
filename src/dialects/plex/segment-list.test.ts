import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emptySegmentList,
  formatSegmentList,
  type SegmentList,
  type SegmentListOptions,
  withFinished,
  withOpened,
} from './segment-list.ts'

const options: SegmentListOptions = {
  template: { before: 'media-', width: 5, after: '.ts' },
  size: 5,
  separateStreamTimes: true,
  unfinished: true,
}

/** The list after opening and finishing segments of 3 s, as a sequence of posts. */
function posts(count: number, settings: SegmentListOptions = options): string[] {
  let list: SegmentList = emptySegmentList
  const bodies: string[] = []
  for (let segment = 0; segment < count; segment += 1) {
    const start = segment * 3
    list = withOpened(list, { segment, startSeconds: start }, settings)
    bodies.push(formatSegmentList(list, settings))
    const times = { endSeconds: start + 3, endAudioSeconds: start + 2.944, endVideoSeconds: start + 3 }
    list = withFinished(list, { segment, startSeconds: start, ...times }, settings)
    bodies.push(formatSegmentList(list, settings))
  }
  return bodies
}

describe('the segment list', () => {
  it('shows an open segment with a mark and its start in every column', () => {
    expect(posts(1)[0]).toBe('#media-00000.ts,0.000000,0.000000,0.000000,0.000000\n')
  })

  it('shows a finished one with start, end, end of sound, end of picture', () => {
    expect(posts(1)[1]).toBe('media-00000.ts,0.000000,3.000000,2.944000,3.000000\n')
  })

  it('shows the open one after the finished ones', () => {
    expect(posts(2)[2]).toBe(
      'media-00000.ts,0.000000,3.000000,2.944000,3.000000\n#media-00001.ts,3.000000,3.000000,3.000000,3.000000\n',
    )
  })

  it('keeps four rows of a list of five, whether the last one is open or not', () => {
    const rows = (body: string | undefined) => body?.split('\n').map((row) => row.split(',')[0])
    const bodies = posts(6)
    expect(rows(bodies[8])).toEqual([
      'media-00001.ts',
      'media-00002.ts',
      'media-00003.ts',
      '#media-00004.ts',
      '',
    ])
    expect(rows(bodies[9])).toEqual([
      'media-00001.ts',
      'media-00002.ts',
      'media-00003.ts',
      'media-00004.ts',
      '',
    ])
    expect(rows(bodies[10])?.[0]).toBe('media-00002.ts')
  })

  it('has three columns when the ends of the streams are not asked for', () => {
    expect(posts(1, { ...options, separateStreamTimes: false })[1]).toBe('media-00000.ts,0.000000,3.000000\n')
  })

  it('leaves open segments out when they are not asked for', () => {
    const bodies = posts(2, { ...options, unfinished: false })
    expect(bodies[0]).toBe('')
    expect(bodies[2]).toBe(bodies[1])
  })

  it('keeps every row with a size of 0', () => {
    expect(
      posts(40, { ...options, size: 0 })
        .at(-1)
        ?.split('\n'),
    ).toHaveLength(41)
  })

  it('prints times as C prints %f', () => {
    const row = {
      segment: 1,
      startSeconds: 1 / 3,
      endSeconds: 362.766667,
      endAudioSeconds: 1e-7,
      endVideoSeconds: 2e5,
    }
    expect(formatSegmentList(withFinished(emptySegmentList, row, options), options)).toBe(
      'media-00001.ts,0.333333,362.766667,0.000000,200000.000000\n',
    )
  })

  it('never has more rows than its size allows, and always ends with the newest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 30 }), (size, count) => {
        const settings = { ...options, size }
        for (const [index, body] of posts(count, settings).entries()) {
          const rows = body.split('\n').slice(0, -1)
          expect(rows.length).toBeLessThanOrEqual(Math.max(1, size - 1))
          expect(rows.at(-1)).toContain(`media-${String(Math.floor(index / 2)).padStart(5, '0')}.ts`)
        }
      }),
    )
  })
})
