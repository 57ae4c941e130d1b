import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contractVersion } from '../../cluster/messages.ts'
import { checkPowerSettings } from '../../power/power-settings.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { createKeepers, type Keepers, type KnownNode } from './keepers.ts'
import type { KeptNode } from './power-memory.ts'

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
