import { describe, expect, it } from 'vitest'
import { shellWords } from './shell-words.ts'

describe('a command line', () => {
  it('is quoted only where it has to be', () => {
    expect(shellWords(['-i', '/films/A film.mkv', '-vf', 'scale=w=1280', "it's", ''])).toBe(
      `-i '/films/A film.mkv' -vf scale=w=1280 'it'\\''s' ''`,
    )
  })
})
