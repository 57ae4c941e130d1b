import { describe, expect, it } from 'vitest'
import type { BeatPower } from '../../cluster/messages.ts'
import type { Reading } from '../../power/meters/meter.ts'
import { checkPowerSettings } from '../../power/power-settings.ts'
import type { FleetNode } from '../fleet.ts'
import { IdleLevels } from './idle-levels.ts'
import { readBoard } from './watts-board.ts'

const sensor: BeatPower = { watts: 8, basis: 'measured', boundary: 'module', source: 'ina3221 VDD_IN' }

function nodeOf(
  id: string,
  power: BeatPower | undefined,
  machine?: string,
  firstResponder?: true,
): FleetNode {
  const beat = { node: id, name: id, ...(power && { power }), ...(machine && { machine }) }
  return { id, name: id, beat, ...(firstResponder && { firstResponder }) } as unknown as FleetNode
}

function boardOf(
  nodes: readonly FleetNode[],
  leases: Readonly<Record<string, number>> = {},
  more: { levels?: IdleLevels; network?: Record<string, Reading>; settings?: unknown; away?: string[] } = {},
) {
  const { levels = new IdleLevels(), network = {}, away = [] } = more
  const options = {
    ...{ settings: checkPowerSettings(more.settings ?? {}), levels },
    network: { of: (name: string) => network[name] ?? null },
  }
  const names = away.map((name) => ({ id: name, name }))
  return readBoard(options, nodes, names, (id) => leases[id] ?? 0, 1)
}

describe('what a node draws', () => {
  it('is what it says itself', () => {
    expect(boardOf([nodeOf('a', sensor)]).get('a')).toEqual({
      ...{ value: 8, basis: 'measured', boundary: 'module', source: 'ina3221 VDD_IN' },
      ...{ idleWatts: 8, isResting: true },
    })
  })

  it('is unknown where it says nothing, as nodes of former releases', () => {
    expect(boardOf([nodeOf('a', undefined)]).has('a')).toBe(false)
  })

  it('is what a plug says, which sees all of it', () => {
    const network = { a: { watts: 11, source: 'shelly', basis: 'measured', boundary: 'wall' } } as const
    expect(boardOf([nodeOf('a', sensor)], {}, { network }).get('a')).toMatchObject({
      value: 11,
      boundary: 'wall',
    })
  })

  it('is what a plug says though it is away', () => {
    const network = { a: { watts: 1.4, source: 'shelly', basis: 'measured', boundary: 'wall' } } as const
    expect(boardOf([], {}, { network, away: ['a', 'b'] }).get('a')).toMatchObject({ value: 1.4 })
    expect(boardOf([], {}, { network, away: ['b'] }).size).toBe(0)
  })

  it('is reckoned to the wall where the settings say how, and then is modelled', () => {
    const calibration = { overheadWatts: 1.4, supplyEfficiency: 0.87 }
    const settings = { nodes: { a: { idleWatts: 3, busyWatts: 9, calibration } } }
    const read = boardOf([nodeOf('a', sensor)], {}, { settings }).get('a')
    expect(read).toMatchObject({ basis: 'modelled', boundary: 'wall', source: 'ina3221 VDD_IN, calibrated' })
    expect(read!.value).toBeCloseTo((8 + 1.4) / 0.87, 6)
    const wall: BeatPower = { ...sensor, boundary: 'wall' }
    expect(boardOf([nodeOf('a', wall)], {}, { settings }).get('a')).toMatchObject({
      value: 8,
      basis: 'measured',
    })
  })

  it('is known at rest from when it had no leases', () => {
    const levels = new IdleLevels()
    expect(boardOf([nodeOf('a', sensor)], { a: 1 }, { levels }).get('a')).toMatchObject({ idleWatts: null })
    boardOf([nodeOf('a', { ...sensor, watts: 3 })], {}, { levels })
    expect(boardOf([nodeOf('a', sensor)], { a: 1 }, { levels }).get('a')).toMatchObject({
      ...{ value: 8, idleWatts: 3, isResting: false },
    })
  })
})

describe('nodes on one machine', () => {
  const [one, two] = [nodeOf('a', sensor, 'm'), nodeOf('b', sensor, 'm')]

  it('share what its sensor says, which all of them read', () => {
    const board = boardOf([one, two])
    expect(board.get('a')).toMatchObject({ value: 4 })
    expect(board.get('b')).toMatchObject({ value: 4 })
  })

  it('share the rest equally, and what is above it by their leases', () => {
    const levels = new IdleLevels()
    boardOf(
      [nodeOf('a', { ...sensor, watts: 2 }, 'm'), nodeOf('b', { ...sensor, watts: 2 }, 'm')],
      {},
      { levels },
    )
    const board = boardOf([one, two], { a: 2, b: 1 }, { levels })
    expect(board.get('a')).toMatchObject({ value: 5, idleWatts: 1, isResting: false })
    expect(board.get('b')).toMatchObject({ value: 3, idleWatts: 1, isResting: false })
  })

  it('are others on another machine', () => {
    const board = boardOf([one, nodeOf('b', sensor, 'n')])
    expect(board.get('a')).toMatchObject({ value: 8 })
    expect(board.get('b')).toMatchObject({ value: 8 })
  })

  it('leave the first responder only what its work adds', () => {
    const levels = new IdleLevels()
    const responder = nodeOf('r', sensor, 'm', true)
    boardOf(
      [nodeOf('a', { ...sensor, watts: 2 }, 'm'), nodeOf('r', { ...sensor, watts: 2 }, 'm', true)],
      {},
      { levels },
    )
    const board = boardOf([one, responder], { r: 1 }, { levels })
    expect(board.get('a')).toMatchObject({ value: 2 })
    expect(board.get('r')).toMatchObject({ value: 6, idleWatts: 0 })
  })
})

describe('what a machine draws at rest', () => {
  it('is the mean of its readings, in which older ones fade', () => {
    const levels = new IdleLevels()
    levels.read('a', 10, 1)
    levels.read('a', 4, 1)
    expect(levels.of('a')).toBe(7)
    for (let second = 0; second < 3_600 * 12; second++) levels.read('a', 3, 1)
    expect(levels.of('a')).toBeCloseTo(3, 3)
  })

  it('learns nothing from no time, and from what is no number', () => {
    const levels = new IdleLevels()
    levels.read('a', 10, 0)
    levels.read('a', Number.NaN, 1)
    levels.remember('a', Number.NaN)
    expect(levels.of('a')).toBeNull()
    levels.read('a', 10, 1)
    levels.read('a', 20, 0)
    expect(levels.of('a')).toBe(10)
  })

  it('is as an earlier head has seen it, until it is seen again', () => {
    const levels = new IdleLevels()
    levels.remember('a', 5)
    expect(levels.of('a')).toBe(5)
    levels.read('a', 3, 60)
    expect(levels.of('a')).toBe(4)
    levels.remember('a', 100)
    expect(levels.of('a')).toBe(4)
    expect(levels.all()).toEqual([{ machine: 'a', watts: 4 }])
    expect(levels.of('b')).toBeNull()
  })
})
