import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseByteRange } from './byte-range.ts'

describe('a range header', () => {
  test.for([
    ['bytes=0-', { start: 0, end: 100 }],
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=99-', { start: 99, end: 100 }],
    ['bytes=10-19', { start: 10, end: 20 }],
    ['bytes=10-1000', { start: 10, end: 100 }],
    ['bytes=-1', { start: 99, end: 100 }],
    ['bytes=-1000', { start: 0, end: 100 }],
    ['Bytes=5-', { start: 5, end: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=100-200', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=20-10', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['frames=0-1', 'whole'],
    ['', 'whole'],
  ] as const)('%s of a body of 100 bytes', ([header, expected]) => {
    expect(parseByteRange(header, 100)).toEqual(expected)
  })

  test('that is absent means the whole body', () => {
    expect(parseByteRange(undefined, 100)).toBe('whole')
  })

  test('cannot be satisfied by an empty body', () => {
    expect(parseByteRange('bytes=0-', 0)).toBe('unsatisfiable')
    expect(parseByteRange('bytes=-5', 0)).toBe('unsatisfiable')
  })

  test('never leads outside of the body', () => {
    const numbers = fc.nat(300)
    fc.assert(
      fc.property(numbers, numbers, numbers, (first, last, size) => {
        const range = parseByteRange(`bytes=${first}-${last}`, size)
        if (typeof range === 'string') return
        expect(range.start).toBe(first)
        expect(range.end).toBeGreaterThan(range.start)
        expect(range.end).toBeLessThanOrEqual(size)
      }),
    )
  })
})
