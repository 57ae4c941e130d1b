import { describe, expect, it } from 'vitest'
import { exitCodeOf } from './exit-codes.ts'

describe('the exit code of an error', () => {
  it.each([
    ['E_PROBE_MISSING', 4],
    ['E_PROBE_TOOL', 5],
    ['E_FFMPEG_MISSING', 5],
    ['E_OUTPUT_EXISTS', 1],
    ['E_INTERNAL', 1],
  ])('%s is %i', (code, exit) => {
    expect(exitCodeOf(code)).toBe(exit)
  })

  it.each(['E_OF_A_LATER_RELEASE', 'toString', ''])(
    'is that of failed work for the unknown code "%s"',
    (code) => {
      expect(exitCodeOf(code)).toBe(1)
    },
  )
})
