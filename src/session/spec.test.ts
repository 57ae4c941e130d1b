import { describe, expect, test } from 'vitest'
import { defaultPolicy, shortenedPolicy } from './spec.ts'

describe('a policy for many seams', () => {
  test('shortens leases of pictures and of sound, and nothing else', () => {
    expect(shortenedPolicy(1)).toEqual({ ...defaultPolicy, maxLeaseSegments: 1, maxStickyLeaseSegments: 1 })
  })

  test('never makes them longer than usual', () => {
    expect(shortenedPolicy(1_000_000)).toEqual(defaultPolicy)
    expect(shortenedPolicy()).toEqual(defaultPolicy)
  })
})
