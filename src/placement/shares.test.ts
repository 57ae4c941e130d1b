import { describe, expect, test } from 'vitest'
import { sharesOf } from './shares.ts'
import type { PlacementNode } from './wants.ts'

const node = (id: string, more: Partial<PlacementNode> = {}): PlacementNode => ({
  ...{ id, platforms: ['software'], ...more },
})

const placement = new Map([
  ['s', ['a', 'b']],
  ['t', ['b']],
  ['u', ['b', 'r']],
  ['v', ['r']],
])

describe('what a session gets of a node', () => {
  test('is an even share with all who have it, and all of it where nobody else does', () => {
    const shares = sharesOf(placement, [node('a'), node('b'), node('c')])
    expect([...shares]).toEqual([
      ['a', 1],
      ['b', 1 / 3],
      ['c', 1],
    ])
  })

  test('is whole while there are no more than slots', () => {
    expect(sharesOf(placement, [node('b', { slots: 3 })]).get('b')).toBe(1)
    expect(sharesOf(placement, [node('b', { slots: 2 })]).get('b')).toBeCloseTo(2 / 3, 9)
  })

  test('is even on the first responder, whatever it may take on', () => {
    expect(sharesOf(placement, [node('r', { slots: 4, firstResponder: true })]).get('r')).toBe(0.5)
  })
})
