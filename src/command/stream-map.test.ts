import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStreamMap } from './stream-map.ts'

describe('parseStreamMap', () => {
  it.each([
    ['0:0', 0, '0', false, false],
    ['0', 0, '', false, false],
    ['1:s:0', 1, 's:0', false, false],
    ['-0:s', 0, 's', true, false],
    ['-0:0', 0, '0', true, false],
    ['0:V?', 0, 'V', false, true],
    ['0:#0x1011', 0, '#0x1011', false, false],
    ['0:s:m:language:eng?', 0, 's:m:language:eng', false, true],
    ['10:a:1,0:0', 10, 'a:1', false, false],
  ])('reads %s as streams of an input', (text, input, streams, negative, optional) => {
    expect(parseStreamMap(text)).toMatchObject({
      kind: 'streams',
      text,
      input,
      streams: { text: streams },
      negative,
      optional,
    })
  })

  it('reads the label of a filter graph', () => {
    expect(parseStreamMap('[2]')).toEqual({ kind: 'label', text: '[2]', label: '2' })
    expect(parseStreamMap('[f1_out0]')).toEqual({ kind: 'label', text: '[f1_out0]', label: 'f1_out0' })
  })

  it.each(['', 'v', ':0', '0:x', '[]', '[2', '0:0??', '--0:0', 'a:0'])('calls "%s" invalid', (text) => {
    expect(parseStreamMap(text)).toEqual({ kind: 'invalid', text })
  })

  it('keeps the text of anything', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseStreamMap(text).text).toBe(text)
      }),
    )
  })
})
