import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeptSet } from './kept-set.ts'
import { type Candidate, type DemandGroup, leastWatts } from './serving.ts'
import { type WantedSetOptions, wantedSet } from './wanted-set.ts'

function candidate(id: string, more: Partial<Candidate> = {}): Candidate {
  return {
    ...{ id, capacity: 2, idleWatts: 5, joulesPerWork: 3.5, wakeJoules: 250, mostWatts: 12, fits: 1 },
    ...more,
  }
}

const group = (demand: number, more: Partial<DemandGroup> = {}): DemandGroup => ({
  ...{ bit: 1, demand, responder: null, ...more },
})

function search(
  groups: readonly DemandGroup[],
  candidates: readonly Candidate[],
  more: Partial<WantedSetOptions> = {},
) {
  const set = wantedSet({
    ...{ groups, candidates, present: new Set<string>(), horizonSeconds: 2_400, capWatts: Infinity, ...more },
  })
  return set.map(({ id }) => id).sort()
}

/** All subsets, for comparison. */
function bestOfAll(
  groups: readonly DemandGroup[],
  candidates: readonly Candidate[],
  horizonSeconds: number,
): number {
  const ordered = candidates.toSorted((a, b) => a.joulesPerWork - b.joulesPerWork)
  let best = Number.POSITIVE_INFINITY
  for (let mask = 0; mask < 2 ** ordered.length; mask += 1) {
    best = Math.min(
      best,
      joulesOf(
        groups,
        ordered.filter((_, index) => mask & (1 << index)),
        horizonSeconds,
      ),
    )
  }
  return best
}

function joulesOf(groups: readonly DemandGroup[], set: readonly Candidate[], horizonSeconds: number): number {
  const { watts, unmet } = leastWatts(groups, set)
  return (watts + unmet * 10_000) * horizonSeconds + set.reduce((sum, { wakeJoules }) => sum + wakeJoules, 0)
}

describe('least watts of a set', () => {
  it('fills the nodes that do most for a joule first', () => {
    const cheap = candidate('cheap', { joulesPerWork: 1, capacity: 1 })
    const dear = candidate('dear', { joulesPerWork: 9 })
    expect(leastWatts([group(1.5)], [cheap, dear])).toEqual({ watts: 10 + 1 + 4.5, unmet: 0 })
    expect(leastWatts([group(4)], [cheap, dear]).unmet).toBeCloseTo(1)
  })

  it('leaves a group to the first responder only where no node of the set can serve it', () => {
    const responder = { joulesPerWork: 10, capacity: 2 }
    expect(leastWatts([group(1, { responder })], [])).toEqual({ watts: 10, unmet: 0 })
    const other = candidate('other', { fits: 2 })
    expect(leastWatts([group(1, { responder })], [other])).toEqual({ watts: 15, unmet: 0 })
    expect(leastWatts([group(3, { responder })], [candidate('a')]).unmet).toBeCloseTo(1)
  })
})

describe('the set that is wanted', () => {
  it('is empty without demand, and as small as possible with some', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id) => candidate(id))
    expect(search([], nodes)).toEqual([])
    expect(search([group(1)], nodes)).toEqual(['a'])
    expect(search([group(3)], nodes)).toEqual(['a', 'b'])
  })

  it('takes several small ones in the place of a large one where they are thriftier, which is no single step', () => {
    const large = candidate('large', { capacity: 1.23, idleWatts: 9.3, joulesPerWork: 12.8, wakeJoules: 0 })
    const other = { ...large, id: 'other', wakeJoules: 387 }
    const small = ['s', 't', 'u'].map((id) =>
      candidate(id, { capacity: 0.32, idleWatts: 1.6, joulesPerWork: 10.7, wakeJoules: 90 }),
    )
    const present = new Set(['large'])
    expect(search([group(1.8)], [large, other, ...small], { present })).toEqual(['large', 's', 't'])
  })

  it('takes what is awake already rather than its like', () => {
    const nodes = [candidate('a'), candidate('b', { wakeJoules: 0 })]
    expect(search([group(1)], nodes)).toEqual(['b'])
  })

  it('keeps a dearer node that is awake for a short rest, and changes over for a long one', () => {
    const nodes = [candidate('thrifty', { idleWatts: 3 }), candidate('awake', { wakeJoules: 0 })]
    const present = new Set(['awake'])
    expect(search([group(1)], nodes, { present, horizonSeconds: 100 })).toEqual(['awake'])
    expect(search([group(1)], nodes, { present, horizonSeconds: 1_000 })).toEqual(['thrifty'])
  })

  it('leaves short streams to the first responder where a boot does not pay', () => {
    const groups = [group(1, { responder: { joulesPerWork: 10, capacity: 2 } })]
    expect(search(groups, [candidate('a')], { horizonSeconds: 60 })).toEqual([])
    expect(search(groups, [candidate('a')], { horizonSeconds: 600 })).toEqual(['a'])
  })

  it('never breaks the cap, though somebody goes without', () => {
    const nodes = ['a', 'b', 'c'].map((id) => candidate(id))
    expect(search([group(6)], nodes, { capWatts: 30 })).toHaveLength(2)
    expect(search([group(6)], nodes, { capWatts: 10, present: new Set(['a', 'b']) })).toEqual([])
  })

  const numbers = (min: number, max: number) => fc.double({ min, max, noNaN: true })
  const anyNodes = fc
    .array(
      fc.record({
        capacity: numbers(0.3, 3),
        idleWatts: numbers(0, 10),
        joulesPerWork: numbers(1, 20),
        wakeJoules: fc.constantFrom(0, 100, 500),
        fits: fc.constantFrom(1, 2, 3),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((all) => all.map((more, index) => candidate(`n${index}`, more)))
  const anyGroups = fc.tuple(numbers(0, 3), numbers(0, 2)).map(([a, b]) => [group(a), group(b, { bit: 2 })])

  it('costs at most a fifth more than the best of all sets, and mostly nothing', () => {
    let sum = 0
    let runs = 0
    fc.assert(
      fc.property(anyNodes, anyGroups, (nodes, groups) => {
        const set = wantedSet({
          ...{ groups, candidates: nodes, present: new Set(), horizonSeconds: 1_000, capWatts: Infinity },
        })
        const joules = joulesOf(groups, set, 1_000)
        const best = bestOfAll(groups, nodes, 1_000)
        expect(joules).toBeLessThanOrEqual(best * 1.2 + 21)
        if (best < 2_000 || best > 30_000_000) return
        sum += joules / best
        runs += 1
      }),
      { numRuns: 300, seed: 1 },
    )
    expect(runs).toBeGreaterThan(50)
    expect(sum / runs).toBeLessThan(1.01)
  })

  it('changes nothing when it is asked again with what it found', () => {
    fc.assert(
      fc.property(anyNodes, anyGroups, (nodes, groups) => {
        const options = { groups, candidates: nodes, horizonSeconds: 1_000, capWatts: Infinity }
        const set = wantedSet({ ...options, present: new Set() })
        const present = new Set(set.map(({ id }) => id))
        const again = wantedSet({ ...options, present })
        expect(new Set(again.map(({ id }) => id))).toEqual(present)
      }),
    )
  })

  it('is not searched for again while nothing changes, and is when something does', () => {
    const kept = new KeptSet()
    const options = {
      ...{ groups: [group(1)], candidates: [candidate('a'), candidate('b')] },
      ...{ present: new Set<string>(), horizonSeconds: 1_000, capWatts: Infinity },
    }
    const first = kept.find(options)
    expect(kept.find({ ...options, horizonSeconds: 1_100 })).toBe(first)
    expect(kept.find({ ...options, groups: [group(3)] }).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(kept.find({ ...options, candidates: [candidate('b')] }).map(({ id }) => id)).toEqual(['b'])
  })
})
