import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeToken, readToken, skipBlanks } from './token.ts'

describe('readToken', () => {
  it.each([
    ['abc', '', 'abc'],
    ['a:b', ':', 'a'],
    ['  a b  ', '', 'a b'],
    ['\t\n\r a', '', 'a'],
    ["'  a  '", '', '  a  '],
    ["' a '  ", '', ' a '],
    ['\\ a\\ ', '', ' a '],
    ['a\\  ', '', 'a '],
    ['a\\:b:c', ':', 'a:b'],
    ["'a:b':c", ':', 'a:b'],
    ["a'b'c", '', 'abc'],
    ["'d'\\''un'", '', "d'un"],
    ["'a\\:b'", ':', 'a\\:b'],
    ["'open:  ", ':', 'open:'],
    ['end\\', '', 'end\\'],
    ['\\\\', '', '\\'],
    ['', ':', ''],
    [':', ':', ''],
    ['ü😀\\ ', '', 'ü😀 '],
  ])('reads %j up to one of %j as %j', (source, stops, text) => {
    expect(readToken(source, 0, stops).text).toBe(text)
  })

  it('points at the character that ended the text', () => {
    expect(readToken('ab,c', 0, ',')).toEqual({ text: 'ab', end: 2 })
    expect(readToken('ab,c', 3, ',')).toEqual({ text: 'c', end: 4 })
    expect(readToken("'a,b',c", 0, ',').end).toBe(5)
  })
})

describe('escapeToken', () => {
  it.each([
    ['plain', ':', 'plain'],
    ['a:b', ':', 'a\\:b'],
    ["it's", '', "it\\'s"],
    ['\\', '', '\\\\'],
    [' a ', '', '\\ a\\ '],
    ['a b', '', 'a b'],
    [' ', '', '\\ '],
    ['', ':', ''],
  ])('writes %j for stops %j as %j', (text, stops, escaped) => {
    expect(escapeToken(text, stops)).toBe(escaped)
  })

  it('writes any text so that reading gives it back and stops at the next separator', () => {
    const special = fc.string({ unit: fc.constantFrom(...'\\\'":=,;[]@ \n\tab') })
    fc.assert(
      fc.property(
        fc.oneof(special, fc.string()),
        fc.constantFrom(':', '[],;', '=,;[', ']', ':='),
        (text, stops) => {
          const escaped = escapeToken(text, stops)
          expect(readToken(`${escaped}${stops[0]}tail`, 0, stops)).toEqual({ text, end: escaped.length })
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('skipBlanks', () => {
  it('skips the blanks that FFmpeg skips and no others', () => {
    expect(skipBlanks(' \n\t\rx', 0)).toBe(4)
    expect(skipBlanks('\u00a0x', 0)).toBe(0)
    expect(skipBlanks('\vx', 0)).toBe(0)
    expect(skipBlanks('   ', 0)).toBe(3)
  })
})
