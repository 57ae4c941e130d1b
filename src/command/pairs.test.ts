import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pair, parsePairs, printPairs } from './pairs.ts'

describe('parsePairs', () => {
  it.each<[string, string, Pair[]]>([
    [
      'subme=1:me_range=4:no_chroma_me',
      ':',
      [
        ['subme', '1'],
        ['me_range', '4'],
        ['no_chroma_me', null],
      ],
    ],
    [
      'FontName=Noto Sans Medium,Bold=500',
      ',',
      [
        ['FontName', 'Noto Sans Medium'],
        ['Bold', '500'],
      ],
    ],
    ['movflags=+frag_discont', ':', [['movflags', '+frag_discont']]],
    ['a=b=c', ':', [['a', 'b=c']]],
    [
      "a='b:c':d=e\\:f",
      ':',
      [
        ['a', 'b:c'],
        ['d', 'e:f'],
      ],
    ],
    ['a=', ':', [['a', '']]],
    [
      'a::b',
      ':',
      [
        ['a', null],
        ['b', null],
      ],
    ],
    ['', ':', []],
  ])('reads "%s" split at "%s"', (text, separator, pairs) => {
    expect(parsePairs(text, separator)).toEqual(pairs)
  })
})

describe('printPairs', () => {
  it('writes a list as servers do', () => {
    expect(
      printPairs(
        [
          ['subme', '1'],
          ['no_chroma_me', null],
        ],
        ':',
      ),
    ).toBe('subme=1:no_chroma_me')
  })

  it('writes any list so that reading gives it back', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."\\':=, ab") }))
    const pair = fc.tuple(
      text.filter((name) => name !== ''),
      fc.option(text),
    )
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 4 }), fc.constantFrom(':', ','), (pairs, separator) => {
        expect(parsePairs(printPairs(pairs, separator), separator)).toEqual(pairs)
      }),
      { numRuns: 1000 },
    )
  })
})
