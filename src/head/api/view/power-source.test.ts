import { describe, expect, it } from 'vitest'
import type { FleetNode } from '../../fleet.ts'
import type { NodePower } from '../../power/power-state.ts'
import { powerSource } from './power-source.ts'

const profile = { offWatts: 1, idleWatts: 6, busyWatts: 12, wakeWatts: 9 } as NonNullable<
  NodePower['profile']
>

function power(id: string, more: Partial<NodePower>): NodePower {
  const none = { wakeExpectedAtMs: null, keptUntilMs: null, decided: null }
  return {
    id,
    name: id,
    driver: 'wake-on-lan',
    life: 'ready',
    sinceMs: 5,
    profile,
    ...none,
    ...more,
  } as NodePower
}

function source(nodes: readonly NodePower[], watts: Readonly<Record<string, number>> = {}) {
  const node = (id: string) =>
    watts[id] === undefined
      ? undefined
      : ({ beat: { power: { watts: watts[id], basis: 'measured' } } } as FleetNode)
  return powerSource({ overview: { nodes: () => nodes }, fleet: { node } })
}

describe('the power of a node', () => {
  it('says when one that wakes will be there, and what was decided about it', () => {
    const decided = { what: 'wake', reason: 'needed', atMs: 3 } as const
    const all = source([power('a', { life: 'waking', wakeExpectedAtMs: 9, decided })])
    expect(all.of('a')).toMatchObject({
      ...{ state: 'waking', readyAtMs: 9, hasPowerControl: true, watts: { value: 9, source: 'modelled' } },
      decision: { what: 'wake', reason: 'streams need it', atMs: 3 },
    })
    expect(all.of('b')).toBeUndefined()
  })

  it('says since when only of a state that is its power’s', () => {
    expect(source([power('a', { life: 'off' })]).of('a')?.sinceMs).toBe(5)
    expect(source([power('a', { life: 'busy' })]).of('a')?.sinceMs).toBeNull()
    const unknown = { life: 'off', sinceMs: Number.NEGATIVE_INFINITY } as const
    expect(source([power('a', unknown)]).of('a')?.sinceMs).toBeNull()
  })

  it('leaves the state of one without a switch to what is heard of it', () => {
    expect(source([power('a', { driver: null, life: 'off' })]).of('a')).toMatchObject({
      ...{ state: null, hasPowerControl: false, watts: null },
    })
    expect(source([power('a', {})]).of('a')).toMatchObject({ state: null, hasPowerControl: true })
  })
})

describe('the fleet in one line', () => {
  it('adds up what is known, and says modelled as soon as any of it is', () => {
    const nodes = [power('a', { life: 'busy' }), power('b', { life: 'off' }), power('c', {})]
    expect(source(nodes, { a: 11.26 }).fleetLine()).toEqual({
      ...{ watts: { value: 12.3, source: 'modelled' }, savedWatts: 5, month: null },
    })
    expect(source([nodes[0]!], { a: 11.26 }).fleetLine().watts).toEqual({ value: 11.3, source: 'measured' })
  })

  it('says nothing where nothing is known', () => {
    expect(source([power('a', {})]).fleetLine()).toEqual({ watts: null, savedWatts: null, month: null })
  })
})
