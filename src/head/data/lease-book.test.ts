import { describe, expect, it } from 'vitest'
import { createLeaseBook } from './lease-book.ts'
import { SmallOwner } from './testing/small-data-plane.ts'

const owner = new SmallOwner()

describe('the book of open leases', () => {
  it('finds a lease by its attempt and its own token', () => {
    const book = createLeaseBook()
    const lease = book.open('s-0', [{ path: '/a.mkv', size: 3 }], owner)
    expect(book.find('s-0', `Bearer ${lease.token}`)).toBe(lease)
    expect(lease.inputs).toEqual([{ path: '/a.mkv', size: 3 }])
  })

  it.each([
    ['no token', () => undefined],
    ['an empty one', () => ''],
    ['the token without its scheme', (token: string) => token],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['a token that is longer', (token: string) => `Bearer ${token}a`],
    ['a token that is shorter', (token: string) => `Bearer ${token.slice(0, -1)}`],
    ['a token of the same length', (token: string) => `Bearer ${'x'.repeat(token.length)}`],
  ])('answers 401 to %s', (_name, authorization) => {
    const book = createLeaseBook()
    const { token } = book.open('s-0', [], owner)
    expect(book.find('s-0', authorization(token))).toBe(401)
  })

  it('answers 401 to another lease’s token', () => {
    const book = createLeaseBook()
    book.open('s-0', [], owner)
    const other = book.open('s-1', [], owner)
    expect(book.find('s-0', `Bearer ${other.token}`)).toBe(401)
  })

  it('answers 410 to a lease that is over or never was, whatever the token', () => {
    const book = createLeaseBook()
    const { token } = book.open('s-0', [], owner)
    book.close('s-0')
    expect(book.find('s-0', `Bearer ${token}`)).toBe(410)
    expect(book.find('never', undefined)).toBe(410)
  })

  it('says to those who send its bytes that a lease is over', () => {
    const book = createLeaseBook()
    const lease = book.open('s-0', [], owner)
    expect(lease.closed.aborted).toBe(false)
    book.close('s-0')
    expect(lease.closed.aborted).toBe(true)
    expect(() => book.close('s-0')).not.toThrow()
  })

  it('gives every lease a token that nobody guesses', () => {
    const book = createLeaseBook()
    const tokens = Array.from({ length: 50 }, (_, n) => book.open(`s-${n}`, [], owner).token)
    expect(new Set(tokens).size).toBe(50)
    for (const token of tokens) expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(24)
  })
})
