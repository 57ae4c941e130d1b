import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTimeDuration } from './time-duration.ts'

describe('a time on a command line', () => {
  it.each([
    // All of these were given to FFmpeg 5.1, which takes them.
    ['0', 0],
    ['5', 5],
    ['5.', 5],
    ['007', 7],
    ['5.25', 5.25],
    ['5.25s', 5.25],
    ['1500ms', 1.5],
    ['5.5ms', 0.0055],
    ['2000000us', 2],
    ['7.9us', 0.000007],
    ['1:2', 62],
    ['12:34.567', 754.567],
    ['1:2:3', 3_723],
    ['1:2:3.', 3_723],
    ['01:02:03.5', 3_723.5],
    ['100:00:00', 360_000],
    ['00:59:59.999999', 3_599.999999],
    ['1.1234569', 1.123456],
  ])('%s is %d s', (text, seconds) => {
    expect(parseTimeDuration(text)).toBe(seconds)
  })

  it.each([
    // FFmpeg 5.1 refuses these.
    ...['', '.5', '5e1', '5m', '0x5', '5 ', '1:60', '00:75:00', '00:00:75', ':5', '5:', '1:2:3:4', 'now'],
    // It knows negative times; a seek to one would begin before the file.
    '-1',
  ])('%j is none', (text) => {
    expect(parseTimeDuration(text)).toBeNull()
  })

  it('is the same however it is written', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(59), fc.nat(59), fc.nat(999_999), (hours, minutes, seconds, micros) => {
        const digits = String(micros).padStart(6, '0')
        const total = hours * 3_600 + minutes * 60 + seconds
        const forms = [
          `${hours}:${minutes}:${seconds}.${digits}`,
          `${total}.${digits}`,
          `${total}${digits}us`,
        ]
        expect(new Set(forms.map(parseTimeDuration))).toEqual(new Set([(total * 1e6 + micros) / 1e6]))
      }),
    )
  })
})
