import { describe, expect, it } from 'vitest'
import { noBytes } from '../files/testing/path-bytes.ts'
import { createLeaseBook } from './lease-book.ts'
import { SmallOwner } from './testing/small-data-plane.ts'

const owner = new SmallOwner()

describe('the book of open leases', () => {
  it('finds a lease by its attempt, for the node that has it', () => {
    const book = createLeaseBook()
    const lease = book.open('s-0', 'node-1', [{ path: '/a.mkv', size: 3, bytes: noBytes }], owner)
    expect(book.find('s-0', 'node-1')).toBe(lease)
    expect(lease.inputs).toEqual([{ path: '/a.mkv', size: 3, bytes: noBytes }])
  })

  it('denies it to every other node', () => {
    const book = createLeaseBook()
    book.open('s-0', 'node-1', [], owner)
    book.open('s-1', 'node-2', [], owner)
    for (const node of ['node-2', 'node-11', 'node-', '']) expect(book.find('s-0', node)).toBe('denied')
  })

  it('says of a lease that is over or never was only that, whoever asks', () => {
    const book = createLeaseBook()
    book.open('s-0', 'node-1', [], owner)
    book.close('s-0')
    for (const node of ['node-1', 'node-2']) {
      expect([book.find('s-0', node), book.find('never', node)]).toEqual(['over', 'over'])
    }
  })

  it('says to those who send its bytes that a lease is over', () => {
    const book = createLeaseBook()
    const lease = book.open('s-0', 'node-1', [], owner)
    expect(lease.closed.aborted).toBe(false)
    book.close('s-0')
    expect(lease.closed.aborted).toBe(true)
    expect(() => book.close('s-0')).not.toThrow()
  })
})
