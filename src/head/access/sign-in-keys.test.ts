import { describe, expect, it } from 'vitest'
import { createSignInKeys } from './sign-in-keys.ts'

describe('a key that signs in', () => {
  it('works once, for the role that it was made for', () => {
    const keys = createSignInKeys(() => 0)
    const { key } = keys.issue('viewer')
    expect(keys.redeem('another')).toBeNull()
    expect(keys.redeem(key)).toBe('viewer')
    expect(keys.redeem(key)).toBeNull()
  })

  it('works for as long as it says', () => {
    let nowMs = 0
    const keys = createSignInKeys(() => nowMs)
    const [one, other] = [keys.issue('admin'), keys.issue('admin')]
    nowMs = one.validSeconds * 1000 - 1
    expect(keys.redeem(one.key)).toBe('admin')
    nowMs += 1
    expect(keys.redeem(other.key)).toBeNull()
  })

  it('is one of a few', () => {
    const keys = createSignInKeys(() => 0)
    const [first] = Array.from({ length: 17 }, () => keys.issue('admin').key)
    expect(keys.redeem(first!)).toBeNull()
  })
})
