import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinAss, printAss, readAss } from './ass-cues.ts'

const header = '[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n'
const cue = (start: string, end: string, text: string) => `Dialogue: 0,${start},${end},Default,${text}\n`
const early = cue('0:00:02.00', '0:00:05.50', 'one, and more')
const late = cue('1:02:03.04', '1:02:09.00', 'two')

describe('a file of ASS', () => {
  it('is taken apart into its header, its cues with their times, and what comes behind', () => {
    const file = readAss(`${header}${early}${late}[Fonts]\nfontname: a\n`)
    expect(file.header).toBe(header)
    expect(file.trailer).toBe('[Fonts]\nfontname: a\n')
    expect(file.cues).toEqual([
      { startSeconds: 2, endSeconds: 5.5, line: early.trimEnd() },
      { startSeconds: 3723.04, endSeconds: 3729, line: late.trimEnd() },
    ])
  })

  it('comes out as it was, whatever lies around its cues', () => {
    const plain = fc.stringMatching(/^[ -~]{0,20}$/)
    fc.assert(
      fc.property(fc.array(plain), fc.array(plain), (before, behind) => {
        const text = `${before.map((line) => `; ${line}\n`).join('')}${early}${late}${behind.map((line) => `; ${line}\n`).join('')}`
        expect(printAss(readAss(text))).toBe(text)
      }),
    )
  })

  it('without a cue is all header, and lines of comment are no cues', () => {
    const comment = `${header}Comment: 0,0:00:01.00,0:00:02.00,Default,x\n`
    expect(readAss(comment)).toEqual({ header: comment, cues: [], trailer: '' })
  })

  it('may end its lines as Windows does', () => {
    expect(readAss(early.replace('\n', '\r\n')).cues[0]?.line).toBe(early.trimEnd())
  })
})

describe('files from stretches that overlap', () => {
  const starts = ['0:00:01.00', '0:00:02.99', '0:00:03.00', '0:00:05.99', '0:00:06.00']
  const all = header + starts.map((start) => cue(start, '0:00:09.00', start)).join('')
  const linesOf = (from: number, to: number) =>
    joinAss(null, readAss(all), from, to).cues.map(({ startSeconds }) => startSeconds)

  it('give each cue once, to the stretch in which it begins', () => {
    expect(linesOf(Number.NEGATIVE_INFINITY, 3)).toEqual([1, 2.99])
    expect(linesOf(3, 6)).toEqual([3, 5.99])
    const joined = [3, 6, 9].reduce<ReturnType<typeof readAss> | null>(
      (before, to) => joinAss(before, readAss(all), to === 3 ? 0 : to - 3, to),
      null,
    )
    expect(printAss(joined!)).toBe(all)
  })

  it('keep the first one’s header', () => {
    const other = { ...readAss(all), header: 'other\n' }
    expect(joinAss(readAss(header), other, 0, 3).header).toBe(header)
  })
})
