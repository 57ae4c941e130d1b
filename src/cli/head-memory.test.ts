import { describe, expect, it } from 'vitest'
import { dropHeadMemoryVariables, headMemoryVariables } from './head-memory.ts'

describe("how malloc deals with a head's memory", () => {
  it('is said by whoever starts the head', () => {
    expect(headMemoryVariables({})).toEqual({ MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' })
  })

  it('is left as the user has it', () => {
    expect(headMemoryVariables({ MALLOC_ARENA_MAX: '1' })).toEqual({ MALLOC_MMAP_THRESHOLD_: '131072' })
  })

  it('is no business of what the head starts, but for what the user has set', () => {
    const environment = { PATH: '/bin', ...headMemoryVariables({}), MALLOC_ARENA_MAX: '1' }
    dropHeadMemoryVariables(environment)
    expect(environment).toEqual({ PATH: '/bin', MALLOC_ARENA_MAX: '1' })
  })
})
