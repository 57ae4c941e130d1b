import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxSessionsPerNode } from './most-sessions.ts'
import { place } from './place.ts'
import type { PlacementNode, PlacementSession } from './wants.ts'

function session(id: string, nodes: string[] = [], leadSeconds = 0): PlacementSession {
  return { id, platforms: ['software'], leadSeconds, nodes }
}

function node(id: string, more: Partial<PlacementNode> = {}): PlacementNode {
  return { id, platforms: ['software'], ...more }
}

function placed(sessions: PlacementSession[], nodes: PlacementNode[]): Record<string, string[]> {
  return Object.fromEntries(place(sessions, nodes))
}

describe('one session', () => {
  test('has every node that can do one of its platforms, fastest first', () => {
    const nodes = [node('a', { speed: 1 }), node('b', { speed: 3 }), node('c', { platforms: ['jetson'] })]
    expect(placed([session('s')], nodes)).toEqual({ s: ['b', 'a'] })
  })

  test('has nothing when no node can do any of its platforms', () => {
    expect(placed([session('s')], [node('a', { platforms: ['jetson'] })])).toEqual({ s: [] })
  })

  test('loses a node that is gone', () => {
    expect(placed([session('s', ['a', 'b'])], [node('b')])).toEqual({ s: ['b'] })
  })
})

describe('several sessions', () => {
  test('share idle nodes evenly', () => {
    const result = placed(
      [session('s'), session('t')],
      ['a', 'b', 'c', 'd'].map((id) => node(id)),
    )
    expect(result.s).toHaveLength(2)
    expect(result.t).toHaveLength(2)
  })

  test('give the odd node to the one with the smallest lead', () => {
    const result = placed(
      [session('s', [], 40), session('t', [], 5)],
      ['a', 'b', 'c'].map((id) => node(id)),
    )
    expect(result.t).toHaveLength(2)
  })

  test('a new one takes nodes from the one that has most, which keeps its fastest', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id, index) => node(id, { speed: 4 - index }))
    const result = placed([session('old', ['a', 'b', 'c', 'd'], 50), session('new')], nodes)
    expect(result).toEqual({ old: ['a', 'b'], new: ['c', 'd'] })
  })

  test('a new one takes an idle node before anybody else loses one', () => {
    const result = placed([session('old', ['a']), session('new')], [node('a'), node('b')])
    expect(result).toEqual({ old: ['a'], new: ['b'] })
  })

  test('share a node when there are fewer nodes than sessions', () => {
    const result = placed([session('s', ['a']), session('t')], [node('a')])
    expect(result).toEqual({ s: ['a'], t: ['a'] })
  })

  test('share a node among no more than four', () => {
    const sessions = Array.from({ length: 6 }, (_, index) => session(`s${index}`))
    const seated = Object.values(placed(sessions, [node('a')])).filter((nodes) => nodes.length > 0)
    expect(seated).toHaveLength(maxSessionsPerNode)
  })

  test('share a large node among one more than it carries whole, who has another besides', () => {
    const large = { capacity: 4.52 }
    const streams = Array.from({ length: 9 }, (_, index) => ({
      ...session(`s${index}`, [], 10),
      demand: 0.91,
    }))
    const result = placed(streams, [node('a', large), node('b', large)])
    expect(Object.values(result).every((nodes) => nodes.length > 0)).toBe(true)
  })

  test('one with enough in hand does not sit down beside one that waits for its first segment', () => {
    const beginner = { ...session('new'), demand: 0.5 }
    const rich = { ...session('rich', ['gone'], 20), demand: 0.5 }
    expect(placed([beginner, rich], [node('a', { capacity: 1 })])).toEqual({ new: ['a'], rich: [] })
    const poor = { ...rich, leadSeconds: 2 }
    expect(placed([beginner, poor], [node('a', { capacity: 1 })])).toEqual({ new: ['a'], rich: ['a'] })
  })

  test('one that falls behind does not join one that waits for its first segment', () => {
    const beginner = { ...session('new', ['a']), demand: 0.4 }
    const late = { ...session('late', ['b'], 5), demand: 0.6 }
    const nodes = [node('a', { capacity: 1.4 }), node('b', { capacity: 0.5 })]
    expect(placed([beginner, late], nodes)).toEqual({ new: ['a'], late: ['b'] })
    expect(
      placed(
        [
          { ...beginner, leadSeconds: 2 },
          { ...late, leadSeconds: 1 },
        ],
        nodes,
      ).late,
    ).toEqual(['a', 'b'])
  })

  test('one that comes from the first responder with much in hand waits where every node has enough to do', () => {
    const own = node('own', { firstResponder: true })
    const playing = { ...session('old', ['a'], 15), demand: 0.9 }
    const coming = { ...session('new', ['own'], 45), demand: 0.9 }
    expect(placed([playing, coming], [node('a', { capacity: 1 }), own])).toEqual({ old: ['a'], new: [] })
  })

  test('stop sharing when another node appears', () => {
    const result = placed([session('s', ['a']), session('t', ['a'])], [node('a'), node('b')])
    expect(result.s).toHaveLength(1)
    expect(result.t).toHaveLength(1)
    expect(result.s).not.toEqual(result.t)
  })

  test('use a node with two slots at the same time', () => {
    const result = placed([session('s'), session('t')], [node('a', { slots: 2 })])
    expect(result).toEqual({ s: ['a'], t: ['a'] })
  })

  test('go to the nodes that can do them, even when that is uneven', () => {
    const jetson = { ...session('s'), platforms: ['jetson'] }
    const nodes = [node('a'), node('b'), node('j', { platforms: ['jetson', 'software'] })]
    expect(placed([jetson, session('t', ['a', 'b', 'j'])], nodes)).toEqual({ s: ['j'], t: ['a', 'b'] })
  })
})

describe('whatever there is', () => {
  const platforms = fc.uniqueArray(fc.constantFrom('software', 'jetson', 'rockchip'), { minLength: 1 })
  const nodesAnyhow = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
      platforms,
      slots: fc.integer({ min: 1, max: 2 }),
      speed: fc.constantFrom(0.5, 1, 2),
    }),
    { selector: (each) => each.id },
  )
  const sessionsAnyhow = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('s', 't', 'u', 'v', 'w', 'x'),
      platforms,
      leadSeconds: fc.constantFrom(-3, 0, 20, Number.POSITIVE_INFINITY),
      nodes: fc.constant<string[]>([]),
    }),
    { selector: (each) => each.id },
  )

  test('nobody gets a node that cannot do its platforms, and no node gets more sessions than it may have', () => {
    fc.assert(
      fc.property(sessionsAnyhow, nodesAnyhow, (sessions, nodes) => {
        const result = place(sessions, nodes)
        for (const each of nodes) {
          const sharing = sessions.filter((wanting) => result.get(wanting.id)!.includes(each.id))
          expect(sharing.length).toBeLessThanOrEqual(maxSessionsPerNode)
          for (const { platforms } of sharing) {
            expect(platforms.some((platform) => each.platforms.includes(platform))).toBe(true)
          }
        }
      }),
    )
  })

  test('a session is without a node only when those that could do it are full, or it can wait for a first segment', () => {
    fc.assert(
      fc.property(sessionsAnyhow, nodesAnyhow, (sessions, nodes) => {
        const result = place(sessions, nodes)
        for (const each of sessions.filter(({ id }) => result.get(id)!.length === 0)) {
          const fitting = nodes.filter((one) => one.platforms.some((name) => each.platforms.includes(name)))
          for (const { id } of fitting) {
            const sharing = sessions.filter((other) => result.get(other.id)!.includes(id))
            const waits = each.leadSeconds > 3 && sharing.some(({ leadSeconds }) => leadSeconds <= 0)
            if (!waits) expect(sharing).toHaveLength(maxSessionsPerNode)
          }
        }
      }),
    )
  })

  test('no slot of a node stays empty while a session could use it', () => {
    fc.assert(
      fc.property(sessionsAnyhow, nodesAnyhow, (sessions, nodes) => {
        const result = place(sessions, nodes)
        for (const each of nodes) {
          const fitting = sessions.filter(({ platforms }) =>
            platforms.some((name) => each.platforms.includes(name)),
          )
          const sharing = fitting.filter(({ id }) => result.get(id)!.includes(each.id))
          expect(sharing.length).toBeGreaterThanOrEqual(Math.min(each.slots, fitting.length))
        }
      }),
    )
  })

  test('placing again without a change changes nothing', () => {
    fc.assert(
      fc.property(sessionsAnyhow, nodesAnyhow, (sessions, nodes) => {
        const first = place(sessions, nodes)
        const second = place(
          sessions.map((each) => ({ ...each, nodes: first.get(each.id)! })),
          nodes,
        )
        expect(second).toEqual(first)
      }),
      { numRuns: 500 },
    )
  })
})

describe('trust', () => {
  const untrusted = (...ids: string[]) => ({ trusts: (id: string) => !ids.includes(id) })

  test('keeps a node off the sessions that it is not trusted with, and off no other', () => {
    const sessions = [{ ...session('s'), ...untrusted('a') }, session('t')]
    expect(placed(sessions, [node('a'), node('b')])).toEqual({ s: ['b'], t: ['a'] })
  })

  test('takes a node away that has just lost it', () => {
    const sessions = [{ ...session('s', ['a', 'b']), ...untrusted('a') }]
    expect(placed(sessions, [node('a'), node('b')])).toEqual({ s: ['b'] })
  })

  test('is asked for by platform: what fails on the chip may work without', () => {
    const sessions = [
      {
        ...session('s'),
        platforms: ['jetson', 'software'],
        trusts: (_id: string, platform: string) => platform !== 'jetson',
      },
    ]
    const nodes = [node('a', { platforms: ['jetson'] }), node('b', { platforms: ['jetson', 'software'] })]
    expect(placed(sessions, nodes)).toEqual({ s: ['b'] })
  })
})

test('a hundred sessions on a hundred nodes are placed within a few milliseconds', () => {
  const sessions = Array.from({ length: 100 }, (_, index) => session(`s${index}`, [], index))
  const nodes = Array.from({ length: 100 }, (_, index) => node(`n${index}`))
  place(sessions, nodes)
  const startedMs = performance.now()
  const result = place(sessions, nodes)
  // Ten times the budget for a decision: a loaded machine shall not fail this, a cubic algorithm shall.
  expect(performance.now() - startedMs).toBeLessThan(50)
  expect([...result.values()].every((each) => each.length === 1)).toBe(true)
})

describe('a first responder', () => {
  const responder = node('r', { firstResponder: true })

  test('has nothing to do while there is another node', () => {
    expect(placed([session('s'), session('t')], [responder, node('a')])).toEqual({ s: ['a'], t: ['a'] })
  })

  test('works for a session that no other node can work for', () => {
    const other = node('a', { platforms: ['jetson'] })
    expect(placed([session('s')], [other, responder])).toEqual({ s: ['r'] })
  })

  test('is given up as soon as another node is there', () => {
    expect(placed([session('s', ['r'])], [node('a'), responder])).toEqual({ s: ['a'] })
  })

  test('takes no more sessions than it has slots, the one with the smallest lead first', () => {
    const sessions = [session('s', [], 20), session('t', [], 3), session('u', [], 9)]
    expect(placed(sessions, [node('r', { firstResponder: true, slots: 2 })])).toEqual({
      ...{ s: [], t: ['r'], u: ['r'] },
    })
  })

  test('stays with the session that it works for', () => {
    expect(placed([session('s', ['r'], 20), session('t', [], 3)], [responder])).toEqual({ s: ['r'], t: [] })
  })

  test('helps with no session that its platforms cannot carry out', () => {
    const other = node('r', { firstResponder: true, platforms: ['jetson'] })
    expect(placed([session('s')], [other])).toEqual({ s: [] })
  })
})
