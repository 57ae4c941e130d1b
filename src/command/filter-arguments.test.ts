import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFilterArguments, printFilterArguments } from './filter-arguments.ts'

/** The arguments as pairs, shorter to write down. */
function pairs(text: string): (readonly [string | null, string])[] {
  const parsed = parseFilterArguments(text)
  if (parsed.kind === 'error') throw new Error(parsed.what)
  return parsed.args.map(({ name, value }) => [name, value])
}

describe('parseFilterArguments', () => {
  it.each<[string, (readonly [string | null, string])[]]>([
    ['', []],
    [
      '1280:720',
      [
        [null, '1280'],
        [null, '720'],
      ],
    ],
    [
      'w=1280:h=720',
      [
        ['w', '1280'],
        ['h', '720'],
      ],
    ],
    [
      'hable:nv12',
      [
        [null, 'hable'],
        [null, 'nv12'],
      ],
    ],
    [
      '1:-1:0',
      [
        [null, '1'],
        [null, '-1'],
        [null, '0'],
      ],
    ],
    [
      '2:w=3',
      [
        [null, '2'],
        ['w', '3'],
      ],
    ],
    ['nv12|vaapi', [[null, 'nv12|vaapi']]],
    ['stereo|c0=FL', [[null, 'stereo|c0=FL']]],
    ['expr=a=b', [['expr', 'a=b']]],
    [
      ' w = 3 : h = 4 ',
      [
        ['w', '3'],
        ['h', '4'],
      ],
    ],
    ['f=E\\:/a.ass', [['f', 'E:/a.ass']]],
    [
      "f='a:b':si=0",
      [
        ['f', 'a:b'],
        ['si', '0'],
      ],
    ],
    [
      ':h',
      [
        [null, ''],
        [null, 'h'],
      ],
    ],
    ['k=', [['k', '']]],
    ['1:', [[null, '1']]],
    ['a\\=b', [[null, 'a=b']]],
    ['/font=x', [['/font', 'x']]],
    ['PTS -512/TB', [[null, 'PTS -512/TB']]],
  ])('reads "%s"', (text, expected) => {
    expect(pairs(text)).toEqual(expected)
  })

  it('refuses an argument without a name after one with a name, as FFmpeg does', () => {
    expect(parseFilterArguments('w=1:720')).toEqual({
      kind: 'error',
      what: '"720" has no name but follows an argument that has one',
    })
  })

  it('refuses an empty name', () => {
    expect(parseFilterArguments('=3')).toMatchObject({ kind: 'error' })
  })
})

describe('printFilterArguments', () => {
  it.each([
    [[{ name: null, value: 'a=b' }], 'a\\=b'],
    [[{ name: null, value: 'a b=c' }], 'a b=c'],
    [[{ name: 'x', value: 'a=b' }], 'x=a=b'],
    [[{ name: null, value: '' }], ':'],
    [
      [
        { name: null, value: '' },
        { name: null, value: '' },
      ],
      '::',
    ],
    [[{ name: 'f', value: "E:/d'un" }], "f=E\\:/d\\'un"],
  ])('writes %j as %s', (args, text) => {
    expect(printFilterArguments(args)).toBe(text)
  })

  it('writes any arguments so that reading gives them back', () => {
    const value = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."\\':=,;[] ab") }))
    const place = value.map((text) => ({ name: null, value: text }))
    const named = fc
      .tuple(fc.constantFrom('w', 'pix_fmts', 'a.b/c-d'), value)
      .map(([name, text]) => ({ name, value: text }))
    fc.assert(
      fc.property(fc.array(place, { maxLength: 3 }), fc.array(named, { maxLength: 3 }), (first, then) => {
        const args = [...first, ...then]
        expect(parseFilterArguments(printFilterArguments(args))).toEqual({ kind: 'arguments', args })
      }),
      { numRuns: 1000 },
    )
  })
})
