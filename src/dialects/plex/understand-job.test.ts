import { describe, expect, it } from 'vitest'
import { understandJob } from './understand-job.ts'

describe('a command line that no server writes', () => {
  it('stays local without being read when it has thousands of arguments', () => {
    const args = Array.from({ length: 200_000 }, () => ['-i', '/films/film.mkv']).flat()
    const began = performance.now()
    expect(understandJob(args, false)).toMatchObject({
      code: 'unknown-option',
      local: expect.stringContaining('400000'),
    })
    expect(performance.now() - began).toBeLessThan(100)
  })
})
