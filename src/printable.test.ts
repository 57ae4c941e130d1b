import { describe, expect, it } from 'vitest'
import { escapedJson, printable, printableLines } from './printable.ts'

describe('text of somebody else’s', () => {
  it('keeps its letters and loses what a terminal would obey', () => {
    expect(printable('Amélie (2001) 日本.mkv')).toBe('Amélie (2001) 日本.mkv')
    expect(printable('a\u001b[31m\u009b2J\u0007\r\n\u202eb')).toBe('a?[31m?2J????b')
  })

  it('means the same in JSON, and orders nothing there', () => {
    const value = { film: 'a\u009b2J\u202e\u007f\u{e0041} 日本' }
    const line = escapedJson(`${JSON.stringify(value)}\n`)
    expect(line).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
    expect(JSON.parse(line)).toEqual(value)
  })

  it('keeps its lines where it may have some', () => {
    expect(printableLines('one\u001b[2K\ntwo\r')).toBe('one?[2K\ntwo?')
  })
})
