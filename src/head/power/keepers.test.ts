import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { contractVersion } from '../../cluster/messages.ts'
import { checkPowerSettings } from '../../power/power-settings.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { createKeepers, type Keepers } from './keepers.ts'
import type { KeptNode } from './kept-power.ts'
import type { KnownNode } from './known-node.ts'

let nowMs: number
let fleet: SmallFleet
let known: KnownNode[]
let keepers: Keepers

const switched = { idleWatts: 5, busyWatts: 12, driver: { driver: 'exec', on: ['true'], off: ['true'] } }
const kept: KeptNode = {
  ...{ phase: 'off', sinceMs: 500_000, boot: 'old', failures: 0, retryAtMs: null, keptUntilMs: null },
  wakeTime: { meanSeconds: 18, spreadSeconds: 1, seen: 3 },
  ...{ platforms: ['software'], cores: 4, capacity: null },
}

function open(past: Record<string, KeptNode> = {}): Keepers {
  return createKeepers({
    ...{ settings: checkPowerSettings({ nodes: { a: switched } }), past, fleet, responderId: undefined },
    known: () => known,
    leasesOf: () => 0,
    capacityOf: () => undefined,
    nowMs: () => nowMs,
    onChange: () => {},
    log: pino({ level: 'silent' }),
  })
}

const beat = (boot: string) => ({
  ...{ node: 'n1', name: 'a', boot, contract: contractVersion, version: '0', platforms: ['software'] },
  ...{ cores: 4, leases: [] },
})
const life = () => keepers.all()[0]!.keeper.life

beforeEach(() => {
  nowMs = 1_000_000
  fleet = new SmallFleet(createLeaseBook(), () => null, [])
  known = [{ id: 'n1', name: 'a' }]
})
afterEach(() => keepers.close())

describe('a head that starts again', () => {
  it('does not cut off one that has woken while there was no head, before it can have been heard', () => {
    keepers = open({ a: { ...kept, phase: 'waking', sinceMs: nowMs - 300_000 } })
    const before = life()
    nowMs += 10_000
    keepers.tick()
    expect(life()).toEqual(before)
    fleet.add('n1', { name: 'a' })
    keepers.heard(beat('new'))
    expect(life().phase).toBe('ready')
  })

  it('tries one again that was to wake and is not heard', () => {
    keepers = open({ a: { ...kept, phase: 'waking', sinceMs: nowMs - 300_000 } })
    const { tries } = life()
    nowMs += 16_000
    keepers.tick()
    expect(life()).toMatchObject({ phase: 'waking', tries: tries + 1 })
  })
})

describe('silence', () => {
  const awake = () => {
    keepers = open({ a: { ...kept, phase: 'busy' } })
  }

  it('of one that was awake is given a moment after the start of a head', () => {
    awake()
    nowMs += 14_000
    keepers.tick()
    expect(life().phase).toBe('busy')
    nowMs += 2_000
    keepers.tick()
    expect(life().phase).toBe('off')
  })

  it('is no fact while NATS is away, and for a few seconds after', () => {
    awake()
    let awayMs = 20_000
    vi.spyOn(fleet, 'awayMs').mockImplementation(() => awayMs)
    nowMs += 20_000
    keepers.tick()
    awayMs = 0
    nowMs += 4_000
    keepers.tick()
    expect(life().phase).toBe('busy')
    nowMs += 2_000
    keepers.tick()
    expect(life().phase).toBe('off')
  })
})

it('one that joins anew under its name is asked under its new id, and goes on with what is known of it', () => {
  keepers = open({ a: kept })
  const { keeper } = keepers.all()[0]!
  known = [{ id: 'n2', name: 'a' }]
  fleet.add('n2', { name: 'a' })
  keepers.heard({ ...beat('new'), node: 'n2' })
  expect(keepers.all()).toEqual([{ id: 'n2', name: 'a', keeper }])
  expect([life().phase, keeper.wakeTime.seen]).toEqual(['ready', 3])
  expect(() => keepers.find('n1')).toThrow(expect.objectContaining({ code: 'E_NODE_NAME' }))
})
