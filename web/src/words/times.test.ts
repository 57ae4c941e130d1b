import { describe, expect, it } from 'vitest'
import { agoText, clockText, leftText, lengthText, momentText } from './times.ts'

describe('times in words', () => {
  it.each([
    [0, '0:00'],
    [247.9, '4:07'],
    [3729, '1:02:09'],
    [-5, '0:00'],
  ])('%s s of a film are %s', (seconds, text) => expect(clockText(seconds)).toBe(text))

  it.each([
    [7.6, '8 s'],
    [59.4, '59 s'],
    [3599, '59 min'],
    [7200, '2 h'],
    [12_060, '3 h 21 min'],
    [5 * 86_400 + 100, '5 days'],
    [-1, '0 s'],
  ])('%s s are %s', (seconds, text) => expect(lengthText(seconds)).toBe(text))

  it('says what was a moment ago without counting', () => {
    expect(agoText(10_000, 11_000)).toBe('just now')
    expect(agoText(10_000, 75_000)).toBe('1 min ago')
  })

  it('counts down to the second, and does not count what is overdue', () => {
    expect(leftText(12_100, 1_000)).toBe('12 s left')
    expect(leftText(1_000, 1_000)).toBe('any moment')
    expect(leftText(1_000, 9_000)).toBe('any moment')
  })

  it('names the day only where it is not today', () => {
    const now = new Date(2026, 4, 20, 15, 0).getTime()
    expect(momentText(new Date(2026, 4, 20, 9, 5, 3).getTime(), now, 'en-GB')).toBe('09:05:03')
    expect(momentText(new Date(2026, 4, 18, 9, 5, 3).getTime(), now, 'en-GB')).toBe('18 May, 09:05:03')
  })
})
