import { describe, expect, it } from 'vitest'
import type { PowerProfile } from '../../placement/power/power-profile.ts'
import type { Reading } from '../../power/meters/meter.ts'
import { checkPowerSettings } from '../../power/power-settings.ts'
import type { FleetNode } from '../fleet.ts'
import type { NodePower } from '../power/power-state.ts'
import type { RunningEntry } from '../session/session-hall.ts'
import { lineOf, wattsOf } from './energy-line.ts'
import { type EnergySources, takeEnergy } from './energy-taker.ts'
import { IdleLevels } from './idle-levels.ts'
import { WorkDone } from './work-done.ts'

const profile: PowerProfile = {
  ...{ offWatts: 0.5, idleWatts: 3, busyWatts: 10, wakeSeconds: 20, wakeWatts: 6 },
  ...{ sleepSeconds: 8, sleepWatts: 4 },
}
const nodeOf = (id: string, watts?: number, more: Partial<FleetNode> = {}): FleetNode => {
  const power = { watts, basis: 'measured', boundary: 'board', source: 'test' }
  const beat = { node: id, name: id, ...(watts !== undefined && { power }) }
  return { id, name: id, beat, ...more } as unknown as FleetNode
}
const lifeOf = (id: string, life: NodePower['life'], of: PowerProfile | null = profile): NodePower =>
  ({ id, name: id, life, profile: of }) as unknown as NodePower

function sourcesOf(
  nodes: readonly FleetNode[],
  lives: readonly NodePower[],
  more: { carried?: Record<string, string[]>; settings?: unknown; network?: Record<string, Reading> } = {},
): EnergySources {
  return {
    settings: checkPowerSettings(more.settings ?? {}),
    fleet: { nodes: () => nodes },
    power: { nodes: () => lives },
    hall: { carried: () => new Map(Object.entries(more.carried ?? {})), running: () => [] },
    network: { of: (name) => more.network?.[name] ?? null },
    levels: new IdleLevels(),
  }
}
const shown = (sources: EnergySources) =>
  takeEnergy(sources, 1).nodes.map(({ id, draws }) => [
    id,
    ...draws.map(({ state, watts }) => [state, watts]),
  ])

describe('everything that draws', () => {
  it('is each node by its life, there or not', () => {
    const lives = [
      lifeOf('a', 'busy'),
      lifeOf('b', 'off'),
      lifeOf('c', 'waking'),
      lifeOf('d', 'going-to-sleep'),
    ]
    expect(shown(sourcesOf([nodeOf('a', 9)], lives, { carried: { a: ['s'] } }))).toEqual([
      ['a', ['idle', 3], ['busy', 6]],
      ['b', ['off', 0.5]],
      ['c', ['waking', 6]],
      ['d', ['going-to-sleep', 4]],
    ])
  })

  it('is a node that is there without anybody having known its life', () => {
    expect(shown(sourcesOf([nodeOf('a', 9)], []))).toEqual([['a', ['idle', 9]]])
  })

  it('is what a plug says of a node that is off', () => {
    const plug: Reading = { watts: 1.8, source: 'shelly', basis: 'measured', boundary: 'wall' }
    expect(shown(sourcesOf([], [lifeOf('b', 'off')], { network: { b: plug } }))).toEqual([
      ['b', ['off', 1.8]],
    ])
  })

  it('is what the first responder adds while it works, by its settings where nobody measures it', () => {
    const responder = nodeOf('r', undefined, { firstResponder: true })
    const settings = { firstResponderWatts: 12 }
    expect(shown(sourcesOf([responder], [], { settings }))).toEqual([['r']])
    expect(shown(sourcesOf([responder], [], { settings, carried: { r: ['s'] } }))).toEqual([
      ['r', ['busy', 12]],
    ])
  })

  it('is each part of the floor on its own', () => {
    const settings = {
      floor: [
        { name: 'head', watts: 4 },
        { name: 'BMC', watts: 2.6 },
      ],
    }
    expect(takeEnergy(sourcesOf([], [], { settings }), 1).floor).toMatchObject([
      { node: 'head', state: 'floor', watts: 4, basis: 'modelled' },
      { node: 'BMC', state: 'floor', watts: 2.6, basis: 'modelled' },
    ])
  })
})

describe('everything in one line', () => {
  const settings = { floor: [{ name: 'head', watts: 4 }] }

  it('is nodes and floor, and what is saved by those that sleep', () => {
    const taken = takeEnergy(
      sourcesOf([nodeOf('a', 9)], [lifeOf('a', 'ready'), lifeOf('b', 'off')], { settings }),
      1,
    )
    expect(lineOf(taken, null)).toEqual({
      ...{ watts: { value: 13.5, source: 'modelled' }, savedWatts: 2.5, month: null },
    })
  })

  it('is measured where all of it is', () => {
    const taken = takeEnergy(sourcesOf([nodeOf('a', 9)], [lifeOf('a', 'ready')]), 1)
    expect(lineOf(taken, null).watts).toEqual({ value: 9, source: 'measured' })
  })

  it('says nothing of what nobody knows', () => {
    const taken = takeEnergy(
      sourcesOf([nodeOf('a')], [lifeOf('a', 'ready', null), lifeOf('b', 'off', null)]),
      1,
    )
    expect(taken.nodes.map(wattsOf)).toEqual([null, null])
    expect(lineOf(taken, null)).toEqual({ watts: null, savedWatts: null, month: null })
  })
})

describe('the work that was done', () => {
  const running = (id: string, frames: number, demand = 0.5): RunningEntry =>
    ({
      demand,
      session: { id, tally: { frames }, plan: { video: { rate: { num: 25, den: 1 } } } },
    }) as unknown as RunningEntry

  it('is the demand of each session for what it has published since', () => {
    const work = new WorkDone()
    expect(work.since([running('s', 0)])).toEqual([])
    expect(work.since([running('s', 50), running('t', 0)])).toEqual([{ id: 's', work: 1 }])
    expect(work.since([running('s', 50), running('t', 25, 2)])).toEqual([{ id: 't', work: 2 }])
  })

  it('is not what an earlier head has published', () => {
    expect(new WorkDone().since([running('s', 10_000)])).toEqual([])
  })
})
