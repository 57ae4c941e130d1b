import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cycleJoules } from '../placement/power/power-profile.ts'
import { usualRules } from '../placement/power/power-rules.ts'
import { demandOfViewings } from './demand-steps.ts'
import type { Fleet, FleetNode, FleetResponder } from './fleet.ts'
import { homeFleet } from './home.ts'
import { mostStates, nodeKinds, statesOf } from './node-kinds.ts'
import { optimumOf } from './optimum.ts'
import type { Viewing } from './viewing.ts'

const platforms = ['software']

function node(id: string, capacity: number, idleWatts: number, busyWatts: number, cycle: number): FleetNode {
  const profile = {
    ...{
      offWatts: 0,
      idleWatts,
      busyWatts,
      wakeSeconds: 1,
      wakeWatts: cycle,
      sleepSeconds: 0,
      sleepWatts: 0,
    },
  }
  return {
    ...{ id, board: id, platforms, capacity, profile, capWatts: null },
    wakeSpreadSeconds: 0,
    wakeFailures: 0,
  }
}

function fleetOf(nodes: readonly FleetNode[], responder: FleetResponder | null = null): Fleet {
  return { name: 'test', nodes, responder, floor: [], rules: usualRules }
}

function viewing(atSeconds: number, watchSeconds: number, more: Partial<Viewing> = {}): Viewing {
  return {
    ...{ id: `v${atSeconds}`, atSeconds, watchSeconds, titleSeconds: watchSeconds, pauses: [] },
    ...{ demand: 1, platforms, ...more },
  }
}

/** Every way to have nodes on and off, step by step, with the work where it is cheapest; nothing clever. */
function bruteForce({ nodes, responder }: Fleet, viewings: readonly Viewing[], seconds: number): number {
  const mostCapacity = Math.max(...nodes.map(({ capacity }) => capacity), responder?.capacity ?? 0)
  const { steps, freeWork } = demandOfViewings(viewings, seconds, mostCapacity)
  const price = (each: FleetNode) => (each.profile.busyWatts - each.profile.idleWatts) / each.capacity
  const responderPrice = responder ? responder.addedWatts / responder.capacity : Number.POSITIVE_INFINITY
  const wattsOf = (mask: number, demand: number): number => {
    const on = nodes.filter((_, index) => mask & (1 << index))
    const suppliers = on.map((each) => ({ capacity: each.capacity, price: price(each) }))
    if (responder) suppliers.push({ capacity: responder.capacity, price: responderPrice })
    let left = demand
    let watts = on.reduce((sum, each) => sum + each.profile.idleWatts, 0)
    for (const each of suppliers.sort((a, b) => a.price - b.price)) {
      const taken = Math.min(left, each.capacity)
      watts += taken * each.price
      left -= taken
    }
    return left > 1e-9 ? Number.POSITIVE_INFINITY : watts
  }
  const best = (index: number, before: number): number => {
    const step = steps[index]
    if (!step) return 0
    let least = Number.POSITIVE_INFINITY
    for (let mask = 0; mask < 2 ** nodes.length; mask += 1) {
      const woken = nodes.filter((_, bit) => mask & ~before & (1 << bit))
      const wakes = woken.reduce((sum, { profile }) => sum + cycleJoules(profile), 0)
      const now = step.seconds * wattsOf(mask, step.demands[0] ?? 0)
      if (now < Number.POSITIVE_INFINITY) least = Math.min(least, wakes + now + best(index + 1, mask))
    }
    return least
  }
  const cheapest = Math.min(...nodes.map(price), responderPrice)
  return best(0, 0) + (freeWork[0] ?? 0) * cheapest
}

describe('the optimum', () => {
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
  const anyNodes = fc
    .array(fc.tuple(number(1, 3), number(1, 10), number(0, 15), number(0, 900)), {
      minLength: 1,
      maxLength: 3,
    })
    .map((all) =>
      all.map(([capacity, idle, more, cycle], at) => node(`n${at}`, capacity, idle, idle + more, cycle)),
    )
  const anyResponder = fc.option(
    fc
      .record({ capacity: number(2, 4), addedWatts: number(5, 60) })
      .map((more) => ({ ...more, platforms, slots: 4 })),
  )
  const anyViewings = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 20, max: 400 })), { maxLength: 2 })
    .map((all) => all.map(([at, watch]) => viewing(at, watch, { demand: 0.5 })))

  it('is that of all schedules of tiny cases', () => {
    fc.assert(
      fc.property(anyNodes, anyResponder, anyViewings, (nodes, responder, viewings) => {
        const fleet = fleetOf(nodes, responder)
        const { joules, isExact } = optimumOf(fleet, viewings, 1_200)
        expect(isExact).toBe(true)
        expect(joules).toBeCloseTo(bruteForce(fleet, viewings, 1_200), 4)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps a node on through a gap that costs less than a boot, and not through one that costs more', () => {
    const fleet = fleetOf([node('a', 2, 5, 12, 250)])
    const busy = 2 * (300 * (5 + 3.5) - 64 * 5)
    const near = optimumOf(fleet, [viewing(0, 300), viewing(320 - 64, 300)], 10_000).joules
    const far = optimumOf(fleet, [viewing(0, 300), viewing(300, 300)], 10_000).joules
    // Between 236 s, when the first one is made, and 256 s or 300 s.
    expect(near).toBeCloseTo(busy + 250 + 20 * 5, 6)
    expect(far).toBeCloseTo(busy + 500, 6)
  })

  it('never more than always on, and nothing without viewers', () => {
    fc.assert(
      fc.property(anyNodes, anyViewings, (nodes, viewings) => {
        const { joules, alwaysOnJoules } = optimumOf(fleetOf(nodes), viewings, 100_000)
        expect(joules).toBeLessThanOrEqual(alwaysOnJoules + 1e-6)
      }),
    )
    expect(optimumOf(homeFleet, [], 86_400)).toMatchObject({ joules: 0, alwaysOnJoules: 4 * 5 * 86_400 })
  })

  it('does not carry a pause', () => {
    const fleet = fleetOf([node('a', 2, 5, 12, 0)])
    const paused = viewing(0, 600, { pauses: [{ afterSeconds: 300, seconds: 5_000 }] })
    expect(optimumOf(fleet, [paused], 10_000).joules).toBeCloseTo(600 * 8.5 - 2 * 64 * 5, 6)
  })
})

describe('kinds of nodes', () => {
  it('are counted, at most as many as are ever needed', () => {
    const { kinds, isExact } = nodeKinds(homeFleet.nodes, 3)
    expect(kinds).toHaveLength(1)
    expect(kinds[0]).toMatchObject({ count: 2, capacity: 2.2 })
    expect(isExact).toBe(true)
  })

  it('are exact for twelve that all differ, and a lower bound above', () => {
    const unlike = (count: number) =>
      Array.from({ length: count }, (_, index) => node(`n${index}`, 1 + index / 10, 5 + index / 7, 15, 250))
    expect(nodeKinds(unlike(12), 100)).toMatchObject({ isExact: true })
    const many = nodeKinds(unlike(20), 100)
    expect(many.isExact).toBe(false)
    expect(statesOf(many.kinds)).toBeLessThanOrEqual(mostStates)
  })

  it('that were put together make the optimum no dearer', () => {
    const unlike = Array.from({ length: 14 }, (_, index) =>
      node(`n${index}`, 1 + index / 20, 3 + index / 5, 15, 250),
    )
    const viewings = [viewing(0, 900), viewing(200, 900), viewing(400, 900)]
    const bound = optimumOf(fleetOf(unlike), viewings, 5_000)
    const exact = optimumOf(fleetOf(unlike.slice(0, 12)), viewings, 5_000)
    expect([bound.isExact, exact.isExact]).toEqual([false, true])
    expect(bound.joules).toBeLessThanOrEqual(exact.joules + 1e-6)
  })
})
