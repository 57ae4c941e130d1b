import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentEncode } from './percent-encode.ts'

describe('percent encoding', () => {
  it('writes what the recorded transcoder wrote', () => {
    expect(percentEncode('[in#0 @ 0x55] Error opening input: No such file')).toBe(
      '%5Bin%230%20%40%200x55%5D%20Error%20opening%20input%3A%20No%20such%20file',
    )
    expect(percentEncode('Error opening input file /nonexistent/file.mkv.')).toBe(
      'Error%20opening%20input%20file%20%2Fnonexistent%2Ffile.mkv.',
    )
  })

  it('encodes the marks that encodeURIComponent leaves alone', () => {
    expect(percentEncode("5.1(side)!*'")).toBe('5.1%28side%29%21%2A%27')
  })

  it('leaves only unreserved characters, and decodes to what went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(percentEncode(text)).toMatch(/^([A-Za-z0-9._~-]|%[0-9A-F]{2})*$/)
        expect(decodeURIComponent(percentEncode(text))).toBe(text)
      }),
    )
  })
})
