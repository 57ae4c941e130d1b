import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { place, weighed } from './place.ts'
import { unchanged } from './unchanged.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

const nodeIds = ['a', 'b', 'c', 'd']

const nodesAnyhow: fc.Arbitrary<PlacementNode[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(...nodeIds),
    platforms: fc.constantFrom(['software'], ['jetson'], ['software', 'jetson']),
    slots: fc.constantFrom(1, 1, 2),
    speed: fc.constantFrom(0.5, 1, 2),
    capacity: fc.constantFrom(0.5, 1, 2.5),
  }),
  { selector: ({ id }) => id },
)

const sessionsAnyhow: fc.Arbitrary<PlacementSession[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('s', 't', 'u', 'v', 'w'),
    platforms: fc.constantFrom(['software'], ['jetson']),
    leadSeconds: fc.constantFrom(-2, 0, 5, 7.9, 10, 13, 25, 60),
    demand: fc.constantFrom(0.2, 0.5, 1, 1.4),
    nodes: fc.uniqueArray(fc.constantFrom(...nodeIds, 'gone', 'first-responder'), { maxLength: 3 }),
  }),
  { selector: ({ id }) => id },
)

function node(id: string, more: Partial<PlacementNode> = {}): PlacementNode {
  return { id, platforms: ['software'], capacity: 1, ...more }
}

function stream(id: string, nodes: string[], more: Partial<PlacementSession> = {}): PlacementSession {
  return { id, platforms: ['software'], leadSeconds: 30, demand: 0.5, nodes, ...more }
}

describe('streams that have what they need', () => {
  test('keep it, whatever comes out of comparing everybody with everybody', () => {
    let kept = 0
    fc.assert(
      fc.property(sessionsAnyhow, nodesAnyhow, (sessions, nodes) => {
        const same = unchanged(sessions, nodes)
        if (same === null) return
        kept += 1
        expect(same).toEqual(weighed(sessions, [], nodes))
      }),
      { numRuns: 6_000 },
    )
    expect(kept).toBeGreaterThan(20)
  })

  test('and are a fixed point more often than not: what was placed is left as it is a second later', () => {
    let [kept, asked] = [0, 0]
    fc.assert(
      fc.property(sessionsAnyhow, nodesAnyhow, (sessions, nodes) => {
        const placed = place(sessions, nodes)
        const later = sessions.map((each) => ({ ...each, nodes: placed.get(each.id)! }))
        const same = unchanged(later, nodes)
        asked += 1
        if (same === null) return
        kept += 1
        expect(same).toEqual(weighed(later, [], nodes))
      }),
      { numRuns: 2_000 },
    )
    expect(kept / asked).toBeGreaterThan(0.1)
  })

  test('are listed fastest first, without nodes that are gone', () => {
    const nodes = [node('a', { speed: 1 }), node('b', { speed: 3 })]
    expect(unchanged([stream('s', ['a', 'gone', 'b'], { leadSeconds: 15 })], nodes)).toEqual(
      new Map([['s', ['b', 'a']]]),
    )
  })
})

describe('something may have to change', () => {
  test('where a node has nothing to do', () => {
    expect(unchanged([stream('s', ['a'])], [node('a'), node('b')])).toBeNull()
  })

  test('where one who needs it has no node', () => {
    const nodes = [node('a')]
    expect(unchanged([stream('s', ['a']), stream('t', [], { leadSeconds: 10 })], nodes)).toBeNull()
    expect(unchanged([stream('s', ['a']), stream('t', [], { leadSeconds: 14 })], nodes)).not.toBeNull()
  })

  test('where one falls behind with little in hand', () => {
    const short = stream('s', ['a'], { demand: 1, leadSeconds: 7 })
    expect(unchanged([short], [node('a')])).toBeNull()
    expect(unchanged([{ ...short, leadSeconds: 15 }], [node('a')])).toBeNull()
    expect(unchanged([{ ...short, leadSeconds: 17 }], [node('a')])).not.toBeNull()
  })

  test('where one with much in hand shares a node that it can do without', () => {
    const nodes = [node('a'), node('b')]
    const both = stream('s', ['a', 'b'])
    expect(unchanged([both, stream('t', ['b'])], nodes)).toBeNull()
    expect(unchanged([{ ...both, demand: 1 }, stream('t', ['b'])], nodes)).not.toBeNull()
  })
})
