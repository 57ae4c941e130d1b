import { describe, expect, it } from 'vitest'
import { createAnnouncedRows, parseSegmentList } from './announced-rows.ts'

const row = (segment: number, open = false) =>
  `${open ? '#' : ''}media-0000${segment}.ts,${segment * 3}.000000,${open ? segment * 3 : segment * 3 + 3}.000000,1,1\n`

describe('a posted segment list', () => {
  it('gives names and times of what is whole', () => {
    expect(parseSegmentList(row(0) + row(1))).toEqual([
      { name: 'media-00000.ts', startSeconds: 0, endSeconds: 3 },
      { name: 'media-00001.ts', startSeconds: 3, endSeconds: 6 },
    ])
  })

  it('gives nothing of the segment that is being made', () => {
    expect(parseSegmentList(row(0, true))).toEqual([])
  })

  it.each([
    ['an empty body', ''],
    ['a path', '../secret.ts,0.0,3.0\n'],
    ['another kind of file', 'media.mp4,0.0,3.0\n'],
    ['times that are no numbers', 'media-00000.ts,x,y\n'],
    ['a segment of no length', 'media-00000.ts,3.0,3.0\n'],
    ['a name alone', 'media-00000.ts\n'],
  ])('leaves out %s', (_what, text) => {
    expect(parseSegmentList(text)).toEqual([])
  })
})

describe('all that was announced', () => {
  it('is put together from windows that overlap', () => {
    const rows = createAnnouncedRows()
    rows.take(row(0) + row(1, true))
    rows.take(row(0) + row(1) + row(2, true))
    rows.take(row(1) + row(2))
    expect(rows.all().map(({ name }) => name)).toEqual(['media-00000.ts', 'media-00001.ts', 'media-00002.ts'])
    expect(rows.endSeconds()).toBe(9)
  })

  it('knows the names of these and no others', () => {
    const rows = createAnnouncedRows()
    expect(rows.endSeconds()).toBe(0)
    rows.take(row(0) + row(1, true))
    expect([rows.has('media-00000.ts'), rows.has('media-00001.ts')]).toEqual([true, false])
  })
})
