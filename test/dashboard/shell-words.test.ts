import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellWords } from '../../web/src/words/shell-words.ts'

describe('a command line on the dashboard', () => {
  it('means to a shell what it was', () => {
    const words = fc.array(
      fc.string({ unit: 'binary-ascii' }).filter((word) => !word.includes('\0')),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(words, (args) => {
        const script = `printf '%s\\0' ${shellWords([...args, 'end'])}`
        expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual([
          ...args,
          'end',
        ])
      }),
      { numRuns: 40 },
    )
  })
})
