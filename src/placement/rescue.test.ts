import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { place } from './place.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

function node(id: string, capacity = 1, more: Partial<PlacementNode> = {}): PlacementNode {
  return { id, platforms: ['software'], capacity, ...more }
}

function stream(id: string, nodes: string[], leadSeconds: number, demand = 0.9): PlacementSession {
  return { id, platforms: ['software'], leadSeconds, demand, nodes }
}

function placed(sessions: PlacementSession[], nodes: PlacementNode[]): Record<string, string[]> {
  return Object.fromEntries(place(sessions, nodes))
}

describe('a stream that falls behind', () => {
  const three = [node('a'), node('b'), node('c')]

  test('is given a node while it has something in hand, by one that has much more', () => {
    const rich = stream('rich', ['a', 'b'], 50, 1.4)
    expect(placed([rich, stream('poor', ['c'], 15, 1.4)], three).poor).toHaveLength(2)
    expect(placed([rich, stream('poor', ['c'], 17, 1.4)], three).poor).toEqual(['c'])
  })

  test('waits for that where others have little more than itself, until it has little', () => {
    const other = stream('other', ['a', 'b'], 25, 1.8)
    expect(placed([other, stream('poor', ['c'], 10, 1.4)], three).poor).toEqual(['c'])
    expect(placed([other, stream('poor', ['c'], 7, 1.4)], three).poor).toContain('c')
    expect(placed([other, stream('poor', ['c'], 7, 1.4)], three).poor!.length).toBeGreaterThan(1)
  })

  test('gets a whole node of one that can wait, rather than half of it', () => {
    const result = placed([stream('rich', ['a'], 50), stream('poor', ['b'], 6, 1.2)], [node('a'), node('b')])
    expect(result).toEqual({ rich: [], poor: ['a', 'b'] })
  })

  test('joins others, which keep their node, where that is enough', () => {
    const rich = [stream('one', ['a'], 50, 0.5), stream('two', ['a'], 50, 0.5)]
    const result = placed([...rich, stream('poor', ['b'], 6, 1)], [node('a', 4.5), node('b', 0.5)])
    expect(result).toEqual({ one: ['a'], two: ['a'], poor: ['a', 'b'] })
  })

  test('takes what its owner does not need before anybody has to wait', () => {
    const sessions = [
      stream('waits', ['a'], 50),
      stream('owner', ['b', 'c'], 30, 0.4),
      stream('poor', ['d'], 5, 1),
    ]
    const result = placed(sessions, [...three, node('d')])
    expect(result.waits).toEqual(['a'])
    expect(result.owner).toHaveLength(1)
    expect(result.poor).toHaveLength(2)
  })

  test('is not held up by one that is on its way up, nor holds one up', () => {
    const rising = stream('rising', ['a'], 2, 0.6)
    const falling = stream('falling', ['b'], 14, 1)
    expect(placed([rising, falling], [node('a', 1.2), node('b', 0.9)])).toEqual({
      ...{ rising: ['a'], falling: ['b'] },
    })
  })

  test('has more the less it has in hand: what just keeps it going is not enough when it has little', () => {
    const rich = stream('rich', ['a', 'b'], 45, 0.5)
    const nodes = [node('a', 0.6), node('b', 0.6), node('c', 1.1)]
    expect(placed([rich, stream('poor', ['c'], 18, 1)], nodes).poor).toEqual(['c'])
    expect(placed([rich, stream('poor', ['c'], 15, 1)], nodes).poor).toHaveLength(2)
  })
})

describe('one that handed its node over', () => {
  const nodes = [node('a'), node('b')]

  test('does without while it has much in hand, though another one has two', () => {
    const sessions = [stream('rich', [], 30), stream('poor', ['a', 'b'], 10, 1.5)]
    expect(placed(sessions, nodes)).toEqual({ rich: [], poor: ['a', 'b'] })
  })

  test('gets one again in time, from the one that has most by then', () => {
    const sessions = [stream('rich', [], 12, 0.8), stream('poor', ['a', 'b'], 40, 1.5)]
    expect(placed(sessions, nodes).rich).toHaveLength(1)
  })

  test('takes a node that nobody has, however much it has in hand', () => {
    expect(placed([stream('rich', [], 50), stream('poor', ['a'], 10, 0.5)], nodes)).toEqual({
      ...{ rich: ['b'], poor: ['a'] },
    })
  })
})

describe('one that begins', () => {
  const busy = [stream('one', ['a'], 30), stream('two', ['b'], 55)]

  test('takes the place of the one that can wait longest', () => {
    expect(placed([...busy, stream('new', [], 0, 0.4)], [node('a'), node('b')])).toEqual({
      ...{ one: ['a'], two: [], new: ['b'] },
    })
  })

  test('begins on a node where nothing runs at the moment, rather than on one that has to finish something', () => {
    const both = [stream('one', ['a'], 60), stream('two', ['b'], 45)]
    const quiet = [node('a'), node('b', 1, { isQuiet: true })]
    expect(placed([...both, stream('new', [], 0, 0.4)], quiet).new).toEqual(['b'])
    expect(placed([...both, stream('new', [], 0, 0.4)], [node('a'), node('b')]).new).toEqual(['a'])
  })

  test('sits down beside those who have plenty where the node is fast enough for all', () => {
    const large = [node('a', 6)]
    expect(placed([stream('one', ['a'], 50), stream('new', [], 0)], large)).toEqual({
      ...{ one: ['a'], new: ['a'] },
    })
  })

  test('shares a node where nobody has plenty', () => {
    const both = [stream('one', ['a'], 15), stream('two', ['b'], 18)]
    const result = placed([...both, stream('new', [], 0, 0.3)], [node('a'), node('b')])
    expect(result.new).toHaveLength(1)
    expect([result.one, result.two]).toEqual([['a'], ['b']])
  })
})

describe('whatever streams and nodes there are', () => {
  const ids = ['a', 'b', 'c', 'd', 'e']
  const nodesAnyhow = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...ids),
      platforms: fc.constant(['software']),
      capacity: fc.constantFrom(0.3, 0.7, 1, 2.2, 4.5),
      isQuiet: fc.boolean(),
    }),
    { selector: ({ id }) => id, minLength: 1 },
  )
  const streamsAnyhow = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('s', 't', 'u', 'v', 'w', 'x'),
      platforms: fc.constant(['software']),
      leadSeconds: fc.constantFrom(-1, 0, 1, 4, 7, 10, 14, 18, 25, 45, 60),
      demand: fc.constantFrom(0.2, 0.6, 1, 1.4),
      nodes: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 }),
    }),
    { selector: ({ id }) => id, minLength: 1 },
  )

  test('none that has little in hand is without a node, unless somebody waits there for a first segment', () => {
    fc.assert(
      fc.property(streamsAnyhow, nodesAnyhow, (streams, nodes) => {
        const result = place(streams, nodes)
        const hasBeginner = streams.some(({ leadSeconds }) => leadSeconds <= 0)
        for (const { id, leadSeconds } of streams) {
          if (leadSeconds > 12 || (leadSeconds > 3 && hasBeginner)) continue
          const full = nodes.every(
            (each) => [...result.values()].filter((own) => own.includes(each.id)).length >= 4,
          )
          if (!full) expect(result.get(id)).not.toEqual([])
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('no node stands idle, and the one with least in hand loses nothing that it needs', () => {
    fc.assert(
      fc.property(streamsAnyhow, nodesAnyhow, (streams, nodes) => {
        const result = place(streams, nodes)
        const used = new Set([...result.values()].flat())
        expect(used.size).toBe(nodes.length)
        const [least] = streams.toSorted((a, b) => a.leadSeconds - b.leadSeconds || (a.id < b.id ? -1 : 1))
        const present = new Set(nodes.map(({ id }) => id))
        const had = least!.nodes.filter((id) => present.has(id))
        // Two with equally little share what there is, where one has nothing.
        const isTied = streams.some(
          (each) =>
            each !== least &&
            each.leadSeconds === least!.leadSeconds &&
            !each.nodes.some((id) => present.has(id)),
        )
        if (isTied) return
        const capacityOf = (own: readonly string[]) =>
          own.reduce((sum, id) => sum + nodes.find((each) => each.id === id)!.capacity, 0)
        // A comfortable one may leave a node that it shares and does not need, and beginners come before all others.
        if (least!.leadSeconds >= 8 || streams.some(({ leadSeconds }) => leadSeconds <= 0)) return
        expect(capacityOf(result.get(least!.id)!)).toBeGreaterThanOrEqual(
          Math.min(capacityOf(had), least!.demand),
        )
      }),
      { numRuns: 1_000 },
    )
  })
})
