import { describe, expect, it } from 'vitest'
import { localJobLines } from './local-jobs-text.ts'

const job = (title: string, atMs: number, times = 1) => ({
  ...{ title, code: 'remux', reason: 'nothing is encoded', times, atMs },
})

describe('what was left to the media server, on a terminal', () => {
  it('is nothing when nothing was', () => {
    expect(localJobLines([], 0)).toEqual([])
  })

  it('has the last first, when that was, how often and why', () => {
    expect(localJobLines([job('old.mkv', 0, 12), job('new.mkv', 9_000_000)], 9_004_000)).toEqual([
      'Left to the media server:',
      '  new.mkv, 4 s ago: remux, nothing is encoded',
      '  old.mkv, 3 h ago, 12 times: remux, nothing is encoded',
    ])
  })

  it('says minutes from two minutes to two hours, and of a clock that was set back nothing strange', () => {
    const shown = (agoMs: number) => localJobLines([job('f', 0)], agoMs)[1]
    expect([119_000, 120_000, 7_100_000, -5_000].map(shown)).toEqual([
      '  f, 119 s ago: remux, nothing is encoded',
      '  f, 2 min ago: remux, nothing is encoded',
      '  f, 118 min ago: remux, nothing is encoded',
      '  f, 0 s ago: remux, nothing is encoded',
    ])
  })

  it('is five films, so that what runs stays in sight', () => {
    const many = Array.from({ length: 20 }, (_, n) => job(`${n}.mkv`, n))
    expect(localJobLines(many, 100).map((line) => line.split(',')[0])).toEqual([
      ...['Left to the media server:', '  19.mkv', '  18.mkv', '  17.mkv', '  16.mkv', '  15.mkv'],
    ])
  })

  it('lets no title move the cursor', () => {
    expect(localJobLines([job('a\u001b[2J\nb\u202e', 0)], 0)[1]).toMatch(/^ {2}a\?\[2J\?b\?, 0 s ago/)
  })
})
