import { describe, expect, it } from 'vitest'
import { type StreamFacts, selectStreams } from './select-streams.ts'
import { parseStreamSpecifier } from './stream-specifier.ts'

const streams: readonly StreamFacts[] = [
  { media: 'a', id: 0x1100, tags: { language: 'eng' }, programs: [1] },
  { media: 'v', id: 0x1011, programs: [1] },
  { media: 'v', dispositions: ['attached_pic'] },
  { media: 's', tags: { language: 'eng' }, dispositions: ['default'] },
  { media: 's', tags: { language: 'deu', title: 'a:b' }, dispositions: ['default', 'forced'] },
  { media: 't' },
]

function select(text: string): readonly number[] {
  const specifier = parseStreamSpecifier(text)
  if (specifier.kind === 'invalid') throw new Error(`invalid: ${text}`)
  return selectStreams(specifier, streams)
}

describe('selectStreams', () => {
  it.each<[string, number[]]>([
    ['', [0, 1, 2, 3, 4, 5]],
    ['0', [0]],
    ['9', []],
    ['v', [1, 2]],
    ['V', [1]],
    ['v:1', [2]],
    ['v:2', []],
    ['s:1', [4]],
    ['t', [5]],
    ['d', []],
    ['#0x1011', [1]],
    ['i:0x1100', [0]],
    ['#7', []],
    ['p:1', [0, 1]],
    ['p:1:v:0', [1]],
    ['p:2', []],
    ['m:language:eng', [0, 3]],
    ['s:m:language:eng', [3]],
    ['m:title', [4]],
    ['m:title:a:b', [4]],
    ['disp:forced', [4]],
    ['disp:default+forced', [4]],
    ['disp:default:0', [3]],
    ['u', []],
    ['g:0', []],
  ])('finds with "%s" the streams %j', (text, positions) => {
    expect(select(text)).toEqual(positions)
  })

  it('claims nothing about what is not known of a stream', () => {
    const specifier = parseStreamSpecifier('#0x1011')
    expect(specifier.kind === 'streams' && selectStreams(specifier, [{ media: 'v' }])).toEqual([])
  })
})
