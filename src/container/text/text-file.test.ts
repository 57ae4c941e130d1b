import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ass } from './ass.ts'
import { srt } from './srt.ts'
import { joinText, printText, type TextFile } from './text-file.ts'

const header =
  '[Script Info]\r\nScriptType: v4.00+\r\n\r\n[Events]\r\nFormat: Layer, Start, End, Style, Text\r\n'
const cue = (start: string, end: string, text: string) => `Dialogue: 0,${start},${end},Default,${text}\r\n`
const early = cue('0:00:02.00', '0:00:05.50', 'one, and more')
const late = cue('1:02:03.04', '1:02:09.00', 'two')

describe('a file of ASS', () => {
  it('is taken apart into its header, its cues with their times, and what comes behind', () => {
    const file = ass.read(`${header}${early}${late}[Fonts]\nfontname: a\n`)
    expect(file.header).toBe(header)
    expect(file.trailer).toBe('[Fonts]\nfontname: a\n')
    expect(file.cues).toEqual([
      { startSeconds: 2, endSeconds: 5.5, text: early },
      { startSeconds: 3723.04, endSeconds: 3729, text: late },
    ])
  })

  it('comes out as it was, whatever lies around its cues', () => {
    const plain = fc.array(fc.stringMatching(/^[ -~]{0,20}$/).map((line) => `; ${line}\n`))
    fc.assert(
      fc.property(plain, plain, (before, behind) => {
        const text = `${before.join('')}${header}${early}${late}${behind.join('')}`
        expect(printText(ass, ass.read(text))).toBe(text)
      }),
    )
  })

  it('without a cue has the same header and the same rest', () => {
    const comment = 'Comment: 0,0:00:01.00,0:00:02.00,Default,x\r\n'
    expect(ass.read(`${header}${comment}`)).toEqual({ header, cues: [], trailer: comment })
  })
})

describe('a file of SubRip', () => {
  const one = '00:00:02,000 --> 00:00:05,500\none\n\n'
  const two = '01:02:03,004 --> 01:02:09,000  X1:1 X2:2\n7\n\n12\nof them\n\n'

  it('is taken apart into its cues, without their numbers', () => {
    expect(srt.read(`1\n${one}9\n${two}`)).toEqual({
      ...{ header: '', trailer: '' },
      cues: [
        { startSeconds: 2, endSeconds: 5.5, text: one },
        { startSeconds: 3723.004, endSeconds: 3729, text: two },
      ],
    })
  })

  it('is counted anew, from wherever it goes on', () => {
    const { cues } = srt.read(`5\n${one}9\n${two}`)
    expect(srt.print(cues, 0)).toBe(`1\n${one}2\n${two}`)
    expect(srt.print(cues, 7)).toBe(`8\n${one}9\n${two}`)
  })

  it('may be empty, and may begin with what is no cue', () => {
    expect(srt.read('')).toEqual({ header: '', cues: [], trailer: '' })
    const marked = srt.read(`\ufeff1\n${one}`)
    expect(marked.cues).toHaveLength(0)
    expect(marked.header).toBe(`\ufeff1\n${one}`)
  })
})

describe('files from stretches that overlap', () => {
  const starts = ['0:00:01.00', '0:00:02.99', '0:00:03.00', '0:00:05.99', '0:00:06.00']
  const all = header + starts.map((start) => cue(start, '0:00:09.00', start)).join('')
  const startsOf = (from: number, to: number) =>
    joinText(null, ass.read(all), from, to).cues.map(({ startSeconds }) => startSeconds)

  it('give each cue once, to the stretch in which it begins', () => {
    expect(startsOf(Number.NEGATIVE_INFINITY, 3)).toEqual([1, 2.99])
    expect(startsOf(3, 6)).toEqual([3, 5.99])
    const joined = [3, 6, 9].reduce<TextFile | null>(
      (before, to) => joinText(before, ass.read(all), to === 3 ? 0 : to - 3, to),
      null,
    )
    expect(printText(ass, joined!)).toBe(all)
  })

  it('keep the first one’s header', () => {
    const other = { ...ass.read(all), header: 'other\n' }
    expect(joinText(ass.read(header), other, 0, 3).header).toBe(header)
  })
})
