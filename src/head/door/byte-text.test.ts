import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesFromText, textFromBytes } from './byte-text.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')

describe('Bytes of a command line as text', () => {
  test('UTF-8 reads as what it says', () => {
    for (const text of ['', 'plain', 'Amélie', '漢字', '😀 film.mkv', '\u0000\u007f', '\ufeffmark']) {
      expect(textFromBytes(Buffer.from(text))).toBe(text)
      expect(bytesFromText(text)).toEqual(Buffer.from(text))
    }
  })

  test('Each byte that is not UTF-8 becomes one lone surrogate', () => {
    expect(textFromBytes(latin1('Am\xe9lie'))).toBe('Am\udce9lie')
    expect(textFromBytes(latin1('\xff\xc3\xa9\x80'))).toBe('\udcffé\udc80')
  })

  test('A character cut short, an overlong one and an encoded surrogate count as bytes', () => {
    expect(textFromBytes(latin1('\xf0\x9f\x98'))).toBe('\udcf0\udc9f\udc98')
    expect(textFromBytes(latin1('\xc0\xaf'))).toBe('\udcc0\udcaf')
    expect(textFromBytes(latin1('\xed\xb2\x80'))).toBe('\udced\udcb2\udc80')
  })

  test('Any bytes come back, also after a way through JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = textFromBytes(Buffer.from(bytes))
        expect(bytesFromText(text)).toEqual(Buffer.from(bytes))
        expect(JSON.parse(JSON.stringify(text))).toBe(text)
      }),
    )
  })

  test('Good characters between bad bytes come back', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 5 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const bytes = Buffer.concat(pieces)
        expect(bytesFromText(textFromBytes(bytes))).toEqual(bytes)
      }),
    )
  })

  test('Different bytes are different texts', () => {
    expect(textFromBytes(latin1('\xe9'))).not.toBe(textFromBytes(Buffer.from('é')))
  })

  test('A surrogate that stands for no byte is refused', () => {
    for (const text of ['\udc00', 'a\ud83d', '\udc7f', '\udd00']) {
      expect(() => bytesFromText(text)).toThrow(RangeError)
    }
  })
})
