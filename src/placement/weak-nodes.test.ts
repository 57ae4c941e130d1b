import { describe, expect, test } from 'vitest'
import { place } from './place.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

const node = (id: string, capacity: number): PlacementNode => ({ id, platforms: ['software'], capacity })

function stream(id: string, leadSeconds: number, nodes: string[]): PlacementSession {
  return { id, platforms: ['software'], leadSeconds, demand: 1.2, nodes }
}

/** A stream without a node beside one that has all of them. */
function seated(leadSeconds: number, capacity: number): string[] {
  const nodes = Array.from({ length: Math.ceil(1.5 / capacity) }, (_, index) => node(`n${index}`, capacity))
  const rich = stream(
    'rich',
    55,
    nodes.map(({ id }) => id),
  )
  return place([rich, stream('waits', leadSeconds, [])], nodes).get('waits')!
}

describe('a stream that does without a node while it has much in hand', () => {
  test('takes one back at 12 s where a piece is made in a moment', () => {
    expect(seated(13, 2.4)).toEqual([])
    expect(seated(11, 2.4)).toEqual(['n0'])
  })

  test('takes them back sooner where a node takes eight seconds for a piece, and has another one in hand', () => {
    expect(seated(27, 0.3)).toEqual([])
    expect(seated(25, 0.3).length).toBeGreaterThan(0)
  })
})
