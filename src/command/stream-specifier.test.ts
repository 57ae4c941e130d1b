import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStreamSpecifier, type StreamCondition } from './stream-specifier.ts'

describe('parseStreamSpecifier', () => {
  it.each<[string, StreamCondition[]]>([
    ['', []],
    ['0', [{ kind: 'index', index: 0 }]],
    ['12', [{ kind: 'index', index: 12 }]],
    ['v', [{ kind: 'media', media: 'v' }]],
    ['V', [{ kind: 'media', media: 'V' }]],
    ['t', [{ kind: 'media', media: 't' }]],
    [
      'v:0',
      [
        { kind: 'media', media: 'v' },
        { kind: 'index', index: 0 },
      ],
    ],
    ['#0x1011', [{ kind: 'id', id: 0x1011 }]],
    ['#0x01', [{ kind: 'id', id: 1 }]],
    ['#258', [{ kind: 'id', id: 258 }]],
    ['i:0x1100', [{ kind: 'id', id: 0x1100 }]],
    [
      'a:#0x1100',
      [
        { kind: 'media', media: 'a' },
        { kind: 'id', id: 0x1100 },
      ],
    ],
    [
      's:m:language:eng',
      [
        { kind: 'media', media: 's' },
        { kind: 'tag', key: 'language', value: 'eng' },
      ],
    ],
    ['m:title', [{ kind: 'tag', key: 'title', value: null }]],
    ['m:title:a:b', [{ kind: 'tag', key: 'title', value: 'a:b' }]],
    ['p:1', [{ kind: 'program', program: 1 }]],
    [
      'p:0x10:v:1',
      [
        { kind: 'program', program: 16 },
        { kind: 'media', media: 'v' },
        { kind: 'index', index: 1 },
      ],
    ],
    [
      'g:0:a',
      [
        { kind: 'group', group: '0' },
        { kind: 'media', media: 'a' },
      ],
    ],
    ['g:i:0x3', [{ kind: 'group', group: 'i:0x3' }]],
    [
      'disp:default+forced:s',
      [
        { kind: 'disposition', names: ['default', 'forced'] },
        { kind: 'media', media: 's' },
      ],
    ],
    ['u', [{ kind: 'usable' }]],
  ])('reads "%s"', (text, conditions) => {
    expect(parseStreamSpecifier(text)).toEqual({ kind: 'streams', text, conditions })
  })

  it('reads an id with a leading nought as C does, in octal', () => {
    expect(parseStreamSpecifier('#010')).toMatchObject({ conditions: [{ kind: 'id', id: 8 }] })
    expect(parseStreamSpecifier('#08')).toMatchObject({ conditions: [{ kind: 'id', id: 8 }] })
  })

  it.each([
    'x',
    'vv',
    'v0',
    '0:v',
    '-1',
    '#',
    '#zz',
    'i:',
    'p:',
    'p:x',
    '#0x1011:0',
    'u:0',
    'v:x',
    ' 0',
    'disp:',
  ])('calls "%s" invalid', (text) => {
    expect(parseStreamSpecifier(text)).toEqual({ kind: 'invalid', text })
  })

  it('reads any chain of conditions back as it was put together', () => {
    const media = fc.constantFrom('v', 'V', 'a', 's', 'd', 't')
    const program = fc.nat(70_000).map((number) => `p:${number}`)
    const last = fc.oneof(
      fc.nat(99).map((number) => `${number}`),
      fc.nat(0xffff).map((number) => `#0x${number.toString(16)}`),
      fc.constant('u'),
      fc.constant('m:language:deu'),
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(media, program), { maxLength: 3 }), fc.option(last), (head, tail) => {
        const pieces = tail === null ? head : [...head, tail]
        const specifier = parseStreamSpecifier(pieces.join(':'))
        expect(specifier.kind === 'streams' && specifier.conditions.length).toBe(pieces.length)
      }),
    )
  })

  it('takes any text at all without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseStreamSpecifier(text).text).toBe(text)
      }),
    )
  })
})
