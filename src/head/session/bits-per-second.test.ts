import { expect, it } from 'vitest'
import { bitsPerSecond } from './bits-per-second.ts'

it.each<[string | undefined, number | null]>([
  ['162k', 162_000],
  ['1.5M', 1_500_000],
  ['96000', 96_000],
  ['2.5', 3],
  [undefined, null],
  ['1e6', null],
  ['162kB', null],
])('%s is %s bits a second', (text, bits) => {
  expect(bitsPerSecond(text)).toBe(bits)
})
