import { describe, expect, it } from 'vitest'
import { parseMetadataTarget } from './metadata-target.ts'

describe('parseMetadataTarget', () => {
  it.each(['', 'g'])('reads "%s" as the file', (text) => {
    expect(parseMetadataTarget(text)).toEqual({ kind: 'file', text })
  })

  it('reads s:0 as the first stream, not the first subtitle', () => {
    expect(parseMetadataTarget('s:0')).toEqual({
      kind: 'stream',
      text: 's:0',
      streams: { kind: 'streams', text: '0', conditions: [{ kind: 'index', index: 0 }] },
    })
  })

  it('reads a whole stream specifier behind the s', () => {
    expect(parseMetadataTarget('s:s:1')).toMatchObject({
      kind: 'stream',
      streams: {
        conditions: [
          { kind: 'media', media: 's' },
          { kind: 'index', index: 1 },
        ],
      },
    })
    expect(parseMetadataTarget('s')).toMatchObject({ kind: 'stream', streams: { conditions: [] } })
  })

  it('reads chapters and programs, with and without a number', () => {
    expect(parseMetadataTarget('c:3')).toEqual({ kind: 'chapter', text: 'c:3', chapter: 3 })
    expect(parseMetadataTarget('c')).toEqual({ kind: 'chapter', text: 'c', chapter: null })
    expect(parseMetadataTarget('p:1')).toEqual({ kind: 'program', text: 'p:1', program: 1 })
  })

  it.each(['v:0', '0', 's:x', 'c:', 'c:x', 'ss', 'g:0'])('calls "%s" invalid', (text) => {
    expect(parseMetadataTarget(text)).toEqual({ kind: 'invalid', text })
  })
})
