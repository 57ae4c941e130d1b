import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { place } from './place.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

function node(id: string, joulesPerWork?: number, capacity = 0.9): PlacementNode {
  return {
    ...{ id, platforms: ['software'], capacity, speed: capacity },
    ...(joulesPerWork !== undefined && { joulesPerWork }),
  }
}

function stream(leadSeconds: number, nodes: string[], demand = 1.1, id = 's'): PlacementSession {
  return { id, platforms: ['software'], leadSeconds, demand, nodes }
}

const both = [node('cheap', 8), node('dear', 13, 1.2)]
const nodesOf = (session: PlacementSession, nodes: readonly PlacementNode[] = both) =>
  place([session], nodes).get('s')!.toSorted()

describe('a stream that two nodes carry, of which neither can alone', () => {
  test('lets go of the dear one with much in hand, and takes it back before it has little', () => {
    expect(nodesOf(stream(0, []))).toEqual(['cheap', 'dear'])
    expect(nodesOf(stream(44, ['cheap', 'dear']))).toEqual(['cheap', 'dear'])
    expect(nodesOf(stream(46, ['cheap', 'dear']))).toEqual(['cheap'])
    expect(nodesOf(stream(23, ['cheap']))).toEqual(['cheap'])
    expect(nodesOf(stream(21, ['cheap']))).toEqual(['cheap', 'dear'])
  })

  test('takes the dear one for hardly more than what is missing, and its player never has little', () => {
    let lead = 0
    let nodes: string[] = []
    const seconds = { cheap: 0, dear: 0 }
    for (let second = 0; second < 3_600; second += 1) {
      nodes = place([stream(lead, nodes)], both).get('s')!
      const work = nodes.reduce((sum, id) => sum + both.find((each) => each.id === id)!.capacity!, 0)
      for (const id of nodes) seconds[id as keyof typeof seconds] += 1
      lead += work / 1.1 - 1
      if (second > 60) expect(lead).toBeGreaterThan(20)
    }
    expect(seconds.cheap).toBe(3_600)
    // 1.1 less 0.9 of the 1.2 that it can do, and the lead that is there at the end.
    expect(seconds.dear).toBeLessThan((3_600 * 0.2 + 60 * 1.1) / 1.2)
  })

  test.each([
    { why: 'nothing is known of what they draw', nodes: [node('cheap'), node('dear')] },
    { why: 'they are as good as equal', nodes: [node('cheap', 12), node('dear', 13)] },
    { why: 'the cheap one is worth next to nothing', nodes: [node('cheap', 8, 0.3), node('dear', 13)] },
  ])('keeps both where $why', ({ nodes }) => {
    expect(nodesOf(stream(60, ['cheap', 'dear']), nodes)).toEqual(['cheap', 'dear'])
  })

  test('leaves the dear one to another that needs it', () => {
    const other = stream(10, [], 1, 't')
    const placed = place([stream(30, ['cheap']), other], both)
    expect(placed.get('t')).toEqual(['dear'])
    expect(placed.get('s')).toEqual(['cheap'])
  })
})

describe('a whole file', () => {
  test('has all that is free, dear or not: nobody has anything of it in hand', () => {
    const file = stream(Number.POSITIVE_INFINITY, ['cheap'], 1)
    expect(nodesOf(file)).toEqual(['cheap', 'dear'])
  })
})

test('no stream is ever left without a node for thrift, and asking again changes nothing', () => {
  const nodesAnyhow = fc.uniqueArray(
    fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(5, 8, 13), fc.constantFrom(0.3, 1, 2))
      .map(([id, joules, capacity]) => node(id, joules, capacity)),
    { selector: ({ id }) => id, minLength: 1 },
  )
  const leads = fc.constantFrom(21, 30, 44, 46, 60)
  fc.assert(
    fc.property(nodesAnyhow, leads, fc.constantFrom(0.4, 1, 1.4), (nodes, lead, demand) => {
      const first = nodesOf(
        stream(
          lead,
          nodes.map(({ id }) => id),
          demand,
        ),
        nodes,
      )
      expect(first.length).toBeGreaterThan(0)
      expect(nodesOf(stream(lead, first, demand), nodes)).toEqual(first)
    }),
    { numRuns: 300 },
  )
})
