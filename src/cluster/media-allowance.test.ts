import { describe, expect, it } from 'vitest'
import { mediaAllowance } from './media-allowance.ts'

const mebibyte = 1024 * 1024

describe('what a lease may read', () => {
  it('is its inputs three times and a quarter of a gigabyte, block by block', () => {
    const take = mediaAllowance([{ size: 1_000 * mebibyte }, { size: 0 }])
    let taken = 0
    while (take(mebibyte)) taken += 1
    expect(taken).toBe(3_256)
    expect(take(1)).toBe(false)
  })

  it('is enough for the index of a small file, again and again', () => {
    const take = mediaAllowance([{ size: 10 }])
    expect(take(256 * mebibyte + 30)).toBe(true)
    expect(take(1)).toBe(false)
  })

  it('is never less at the head than at the agent', () => {
    for (const size of [0, 1, 5_000 * mebibyte]) {
      const bytes = 3 * size + 256 * mebibyte
      expect(mediaAllowance([{ size }], 'head')(bytes + 1)).toBe(true)
      expect(mediaAllowance([{ size }], 'agent')(bytes + 1)).toBe(false)
    }
  })
})
