import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { contractVersion } from '../../cluster/messages.ts'
import type { PowerSession } from '../../placement/power/power-view.ts'
import { checkPowerSettings } from '../../power/power-settings.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import type { ResponderState } from '../responder/first-responder.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import type { PowerMemory } from './kept-power.ts'
import { createPowerDesk, type PowerDesk } from './power-desk.ts'

const names = ['a', 'b', 'c'] as const
const watts = { idleWatts: 5, busyWatts: 12, wakeSeconds: 20, wakeWatts: 8, sleepSeconds: 0, sleepWatts: 5 }
/** (20 x 8 + 0) / 5 */
const breakEvenMs = 32_000
const programs = { driver: 'exec', on: ['true'], off: ['true'] }

let fleet: SmallFleet
let desk: PowerDesk
let nowMs: number
let responderState: ResponderState
let calls: number
let drained: string[]
let held: Map<string, number>
let onChange: ReturnType<typeof vi.fn<() => void>>
/** What the fleet calls a node. */
let idOf: (name: string) => string
let kept: (() => Omit<PowerMemory, 'version'>) | undefined

function open(power: Record<string, unknown> = {}, past?: PowerMemory): PowerDesk {
  const settings = checkPowerSettings({
    ...{ minOnSeconds: 0, minOffSeconds: 0, firstResponderWatts: 100 },
    nodes: Object.fromEntries(names.map((name) => [name, { ...watts, driver: programs }])),
    ...power,
  })
  return createPowerDesk({
    ...{ settings, fleet, log: pino({ level: 'silent' }), onChange: () => onChange() },
    memory: {
      past: past ?? { version: 1, nodes: {}, policy: null },
      touch: (current) => {
        kept = current
      },
      close: async () => {},
    },
    responder: {
      state: () => responderState,
      call: () => {
        calls += 1
      },
    },
    responderId: 'r',
    known: () => [...names, 'r'].map((name) => ({ id: idOf(name), name })),
    isDrained: (name) => drained.includes(name),
    leasesOf: (node) => held.get(node) ?? 0,
    capacityOf: () => 2,
    clock: { nowMs: () => nowMs, weekMinute: () => 60 },
  })
}

const beatOf = (node: string, boot = 'b') => ({
  ...{ node, name: node, boot, contract: contractVersion, version: '0', platforms: ['software'], cores: 4 },
  leases: [],
})

/** These are there and beat; the others are not. */
function arrive(...there: string[]): void {
  for (const name of names) if (!there.includes(name)) fleet.lose(name)
  for (const name of there) {
    fleet.add(name, { name })
    desk.heard(beatOf(name))
  }
}

const stream = (id: string, more: Partial<PowerSession> = {}): PowerSession => ({
  ...{ id, platforms: ['software'], demand: 1, ageSeconds: 0, leadSeconds: 0, isResting: false },
  ...more,
})
const states = () => Object.fromEntries(desk.nodes().map(({ name, life }) => [name, life]))

beforeEach(() => {
  fleet = new SmallFleet(createLeaseBook(), () => null, [])
  nowMs = 1_000_000
  responderState = 'ready'
  calls = 0
  drained = []
  held = new Map()
  idOf = (name) => name
  onChange = vi.fn<() => void>()
  kept = undefined
})
afterEach(() => desk.close())

describe('power', () => {
  it('says what work costs on each node, of those whose watts are known, within their cap', () => {
    const capped = { ...watts, capWatts: 8.5, driver: programs }
    desk = open({ nodes: { a: { ...watts, driver: programs }, b: capped } })
    arrive('a', 'b', 'c')
    const { joulesPerWork } = desk.decide([stream('s')])!
    // 7 W for two cores, and as much for each core where the cap leaves one of them.
    expect(joulesPerWork.get(idOf('a'))).toBeCloseTo(3.5, 9)
    expect(joulesPerWork.get(idOf('b'))).toBeCloseTo(3.5, 9)
    expect(joulesPerWork.has(idOf('c'))).toBe(false)
  })

  it('has no word in who works where no node has a driver', () => {
    desk = open({ nodes: {} })
    arrive('a')
    expect([desk.isActive, desk.decide([stream('s')]), desk.admissible()]).toEqual([false, null, null])
    expect(desk.isLeaving('a')).toBe(false)
  })

  it('shares nothing out anew and writes nothing down where no node has a driver, whatever nodes do', async () => {
    desk = open({ nodes: { a: watts } })
    arrive('a')
    desk.sessionBegan()
    held.set('a', 1)
    desk.heard(beatOf('a'))
    desk.expect()
    desk.sessionEnded(60)
    fleet.lose('a')
    desk.look()
    await sleep(5)
    expect([onChange.mock.calls.length, kept, calls]).toEqual([0, undefined, 0])
  })

  it('looks again by itself when somebody who was expected has not come', async () => {
    desk = open({ nodes: { a: { ...watts, driver: programs } } })
    arrive('a')
    desk.expect()
    nowMs += 9_700
    desk.decide([])
    await sleep(5)
    onChange.mockClear()
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 5_000 })
  })

  it('lets nodes sleep after their break-even time, and nobody but who is needed works until then', () => {
    desk = open()
    arrive('a', 'b', 'c')
    const share = desk.decide([stream('s')])!
    expect(names.filter((name) => share.mayWork(name))).toHaveLength(1)
    expect(desk.decide([])!.bridged.size).toBe(0)
    nowMs += breakEvenMs - 1_000
    desk.decide([])
    expect(states()).toEqual({ a: 'ready', b: 'ready', c: 'ready' })
    nowMs += 1_000
    desk.decide([])
    expect(Object.values(states())).toContain('going-to-sleep')
    expect(names.some((name) => desk.isLeaving(name))).toBe(true)
  })

  it('bridges a viewer who finds all asleep, and wakes one node for him', () => {
    desk = open()
    const share = desk.decide([stream('s')])!
    expect([...share.bridged]).toEqual(['s'])
    expect(Object.values(states()).filter((life) => life === 'waking')).toHaveLength(1)
    expect(desk.comingSeconds()).toBe(20)
    expect(desk.nodes().find(({ life }) => life === 'waking')).toMatchObject({
      decided: { what: 'wake', reason: 'needed' },
      wakeExpectedAtMs: nowMs + 20_000,
    })
  })

  it('wakes a node for somebody whose film is still being looked at, once for both', () => {
    desk = open()
    desk.expect()
    expect(onChange).toHaveBeenCalled()
    desk.decide([])
    expect(Object.values(states()).filter((life) => life === 'waking')).toHaveLength(1)
    desk.sessionBegan()
    desk.decide([stream('s')])
    expect(Object.values(states()).filter((life) => life === 'waking')).toHaveLength(1)
  })

  it('forgets whom it expected when he does not come', () => {
    desk = open({ nodes: { a: { ...watts, driver: programs } } })
    desk.expect()
    nowMs += 11_000
    desk.decide([])
    expect(states().a).toBe('off')
  })

  it('wakes one node at a sign that somebody may be about to watch, which then has work for him or sleeps again', () => {
    desk = open()
    expect(desk.foresee(300)).toEqual({ isTaken: true, seconds: 300 })
    expect(onChange).toHaveBeenCalled()
    desk.decide([])
    const [woken, ...others] = names.filter((name) => states()[name] === 'waking')
    expect([woken, others]).toEqual([expect.any(String), []])
    nowMs += 20_000
    arrive(woken!)
    nowMs += 270_000
    desk.decide([])
    expect(states()[woken!]).toBe('ready')
    nowMs += 10_000
    desk.decide([])
    nowMs += breakEvenMs
    desk.decide([])
    expect(states()[woken!]).toBe('going-to-sleep')
    expect(desk.foresee(300).isTaken).toBe(false)
    desk.decide([stream('s')])
    expect(desk.foresee(300).isTaken).toBe(true)
  })

  it('takes no player that has paused for the viewer who was foreseen', () => {
    desk = open()
    const paused = stream('paused', { ageSeconds: 600, leadSeconds: 50, isResting: true })
    desk.decide([paused])
    desk.foresee(300)
    desk.decide([paused])
    expect(names.filter((name) => states()[name] === 'waking')).toHaveLength(1)
    nowMs += 301_000
    desk.decide([paused])
    expect(desk.foresee(300).isTaken).toBe(false)
  })

  it('looks again by itself when a sign has come to nothing', async () => {
    desk = open({ nodes: { a: { ...watts, driver: programs } } })
    arrive('a')
    desk.foresee(60)
    nowMs += 59_700
    desk.decide([])
    await sleep(5)
    onChange.mockClear()
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 5_000 })
  })

  it('wakes nobody at a sign while somebody watches who has a node already', () => {
    desk = open()
    arrive('a')
    held.set('a', 1)
    const playing = [stream('s', { ageSeconds: 60, leadSeconds: 20, demand: 1.7 })]
    desk.decide(playing)
    desk.foresee(300)
    desk.decide(playing)
    expect(Object.values(states())).not.toContain('waking')
  })

  it('wakes nobody at a sign where the first responder would carry him for less', () => {
    desk = open({ firstResponderWatts: 1 })
    desk.foresee(300)
    desk.decide([])
    expect(Object.values(states())).not.toContain('waking')
  })

  it.each([
    ['in its quiet hours', { quiet: [{ hours: '00:00-02:00' }] }],
    ['over the cap of the house', { totalCapWatts: 21, floor: [{ name: 'head', watts: 10 }] }],
    ['in a dry run', { dryRun: true }],
  ])('wakes no node at a sign %s', (_when, rules) => {
    desk = open(rules)
    desk.foresee(300)
    desk.decide([])
    expect(Object.values(states())).toEqual(['off', 'off', 'off'])
  })

  it('counts leases that no beat knows of yet', () => {
    desk = open()
    arrive('a')
    held.set('a', 1)
    desk.decide([])
    expect(states().a).toBe('busy')
  })

  it('does not let the last node go before the first responder is there', () => {
    desk = open({ nodes: { a: { ...watts, driver: programs } } })
    arrive('a')
    responderState = 'starting'
    desk.decide([])
    nowMs += breakEvenMs
    const before = calls
    desk.decide([])
    expect([states().a, calls > before]).toEqual(['ready', true])
    responderState = 'ready'
    desk.decide([])
    expect(states().a).toBe('going-to-sleep')
  })

  it('asks again by itself for a node that did not go', async () => {
    const stuck = { driver: 'exec', on: ['true'], off: ['false'], attempts: 1 }
    desk = open({ nodes: { a: { ...watts, driver: stuck } } })
    arrive('a')
    desk.decide([])
    nowMs += breakEvenMs
    desk.decide([])
    expect(states().a).toBe('going-to-sleep')
    await vi.waitFor(() => expect(states().a).toBe('ready'))
    expect(desk.nodes()[0]).toMatchObject({ retryAtMs: nowMs + 300_000, report: { what: 'did-not-sleep' } })
    nowMs += 299_700
    desk.decide([])
    expect(states().a).toBe('ready')
    await sleep(5)
    onChange.mockClear()
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 5_000 })
    nowMs += 300
    desk.decide([])
    expect([states().a, desk.nodes()[0]!.retryAtMs]).toEqual(['going-to-sleep', null])
  })

  it('leaves a node alone that was drained, or that is outdated', () => {
    desk = open()
    arrive('a', 'b')
    drained = ['a']
    fleet.add('b', { name: 'b', beat: { ...beatOf('b'), contract: 99 } })
    desk.decide([])
    nowMs += breakEvenMs * 2
    desk.decide([])
    expect([states().a, states().b]).toEqual(['ready', 'ready'])
  })

  it('does not count on one that is about to leave', () => {
    desk = open({
      nodes: { a: { ...watts, driver: programs }, b: { ...watts, idleWatts: 9, driver: programs } },
    })
    arrive('a')
    fleet.add('a', { name: 'a', beat: { ...beatOf('a'), leaving: true } })
    desk.decide([stream('s')])
    expect(states().b).toBe('waking')
  })

  it('counts on nodes that sleep for those who would like to begin', () => {
    desk = open()
    arrive('a')
    expect(desk.admissible()).toHaveLength(3)
    expect(desk.canWake()).toBe(true)
  })

  it('misses a node that is gone, and takes it for off', () => {
    desk = open()
    arrive('a')
    fleet.lose('a')
    desk.look()
    expect(desk.nodes()[0]).toMatchObject({ life: 'off', report: { what: 'vanished' } })
  })

  it('calls the first responder while nobody else is there', () => {
    desk = open()
    desk.look()
    expect(calls).toBe(1)
    nowMs += 61_000
    desk.look()
    expect(calls).toBe(2)
    arrive('a')
    nowMs += 61_000
    desk.look()
    expect(calls).toBe(2)
  })
})

describe('rules of the house', () => {
  beforeEach(() => {
    idOf = (name) => (name === 'r' ? name : `n-${name}`)
  })
  const now = '00:00-02:00'
  const there = (name: string) => {
    fleet.add(idOf(name), { name, beat: beatOf(idOf(name)) })
    desk.heard(beatOf(idOf(name)))
  }
  const two = { a: { ...watts, driver: programs }, b: { ...watts, idleWatts: 9, driver: programs } }

  it('are about nodes by the names that people have given them: one that is to be quiet is not woken', () => {
    desk = open({ nodes: two, quiet: [{ hours: now, nodes: ['a'] }] })
    desk.decide([stream('s')])
    expect(states()).toMatchObject({ a: 'off', b: 'waking' })
    expect(desk.admissible()).toHaveLength(1)
  })

  it.each([
    [null, { waking: 3, admissible: 3 }],
    [46, { waking: 2, admissible: 3 }],
    [34, { waking: 1, admissible: 2 }],
    [21, { waking: 0, admissible: 0 }],
  ])('leave nodes asleep that would break the cap of the house: %s W', (totalCapWatts, expected) => {
    // The floor draws 10 W, a board 12 W with all that it has, and none can carry two of these streams.
    const nodes = Object.fromEntries(names.map((name) => [name, { ...watts, driver: programs }]))
    const floor = [{ name: 'head', watts: 10 }]
    desk = open({ nodes, floor, firstResponderWatts: 12, totalCapWatts })
    desk.decide(['s', 't', 'u'].map((id) => stream(id, { demand: 1.8 })))
    const waking = Object.values(states()).filter((life) => life === 'waking').length
    expect({ waking, admissible: desk.admissible()!.length }).toEqual(expected)
  })

  it('give boards that are awake no work that would break the cap of the house', () => {
    desk = open({ floor: [{ name: 'head', watts: 10 }], totalCapWatts: 10 + 3 * 5 + 7 })
    for (const name of names) there(name)
    const share = desk.decide(['s', 't', 'u'].map((id) => stream(id, { demand: 1.8 })))!
    expect(names.filter((name) => share.mayWork(idOf(name)))).toHaveLength(1)
  })

  it('keep work and switches away from one that somebody works on, switched or not', () => {
    const nodes = { a: { ...watts, driver: programs }, b: { ...watts, driver: programs }, c: watts }
    desk = open({ nodes, maintenance: [{ hours: now, nodes: ['a', 'c'] }] })
    for (const name of names) there(name)
    const share = desk.decide([stream('s')])!
    expect(names.filter((name) => share.mayWork(idOf(name)))).toEqual(['b'])
    desk.decide([])
    nowMs += breakEvenMs * 3
    desk.decide([])
    expect(states()).toEqual({ a: 'ready', b: 'going-to-sleep', c: 'ready' })
  })
})

describe('by hand', () => {
  it('a node is woken and kept awake until the time is up', async () => {
    desk = open()
    expect(desk.wake('a', 600)).toMatchObject({ life: 'waking', keptUntilMs: nowMs + 600_000 })
    nowMs += 20_000
    arrive('a')
    desk.decide([])
    nowMs += breakEvenMs * 2
    desk.decide([])
    expect(states().a).toBe('ready')
    desk.keep('a', 0)
    desk.decide([])
    expect(states().a).toBe('going-to-sleep')
  })

  it('a node sleeps, unless it works and is the last', () => {
    desk = open()
    arrive('a')
    held.set('a', 1)
    desk.heard(beatOf('a'))
    expect(() => desk.sleep('a', false)).toThrow(expect.objectContaining({ code: 'E_LAST_NODE' }))
    expect(desk.sleep('a', true)).toMatchObject({ life: 'draining', decided: { reason: 'by-hand' } })
    desk.decide([stream('s', { ageSeconds: 60, leadSeconds: 20 })])
    expect(states().a).toBe('draining')
  })

  it('a node that was given something since its last beat hands that over before it goes', () => {
    desk = open()
    arrive('a', 'b')
    held.set('a', 1)
    expect(desk.sleep('a', false)).toMatchObject({ life: 'draining' })
  })

  it('a node that nobody switches, or that is not there, cannot be', () => {
    desk = open({ nodes: { a: { ...watts, driver: programs }, b: watts } })
    expect(() => desk.wake('b', 0)).toThrow(expect.objectContaining({ code: 'E_NODE_UNSWITCHED' }))
    expect(() => desk.sleep('nobody', true)).toThrow(expect.objectContaining({ code: 'E_NODE_NAME' }))
  })
})

describe('a dry run', () => {
  it('says what it would do, and all nodes work on', async () => {
    desk = open({ dryRun: true })
    arrive('a', 'b', 'c')
    desk.decide([])
    nowMs += breakEvenMs
    const share = desk.decide([])!
    expect(names.every((name) => share.mayWork(name))).toBe(true)
    expect(desk.admissible()).toBeNull()
    await vi.waitFor(() =>
      expect(desk.nodes()[0]!.command).toMatchObject({ isDry: true, told: expect.any(String) }),
    )
    expect(desk.nodes()[0]).toMatchObject({ life: 'ready', decided: { what: 'sleep', reason: 'not-needed' } })
  })
})

it('bridges nobody and waits for nobody in a dry run, though nodes are away', () => {
  desk = open({ dryRun: true })
  expect(desk.decide([stream('s')])!.bridged.size).toBe(0)
  expect([desk.comingSeconds(), desk.canWake()]).toEqual([null, false])
})

describe('the next head', () => {
  it('knows who sleeps, for how long each takes to wake, and what it can do', async () => {
    desk = open()
    desk.wake('a', 0)
    nowMs += 14_000
    fleet.add('a', { name: 'a', platforms: ['software', 'jetson'] })
    desk.heard(beatOf('a', 'new'))
    await sleep(5)
    nowMs += breakEvenMs
    desk.sleep('a', true)
    fleet.lose('a')
    desk.look()
    await sleep(5)
    expect(Object.keys(kept!().nodes)).toContain('a')
    const past: PowerMemory = JSON.parse(JSON.stringify({ version: 1, ...kept!() }))
    await desk.close()
    desk = open({}, past)
    const [a] = desk.nodes()
    expect(a).toMatchObject({ life: 'off', sinceMs: nowMs, wakeTime: { meanSeconds: 14, seen: 1 } })
    expect(past.nodes.a).toMatchObject({ platforms: ['software', 'jetson'], capacity: 2 })
  })
})

it('forgets nodes that were removed, unless something is written of them', () => {
  const wakeTime = { meanSeconds: 18, spreadSeconds: 1, seen: 3 }
  const node = {
    ...{ phase: 'off' as const, sinceMs: 5, boot: null, failures: 0, retryAtMs: null, keptUntilMs: null },
    ...{ wakeTime, platforms: ['software'], cores: 4, capacity: null },
  }
  desk = open(
    { nodes: { a: { ...watts, driver: programs }, cellar: watts } },
    {
      ...{ version: 1, policy: null },
      nodes: { a: node, removed: node, cellar: node },
    },
  )
  desk.sessionBegan()
  expect(Object.keys(kept!().nodes).sort()).toEqual(['a', 'cellar'])
})

it('tells those who listen once for all that happens at a moment', async () => {
  desk = open()
  const told = vi.fn<() => void>()
  const end = desk.onChange(told)
  arrive('a', 'b', 'c')
  desk.wake('a', 60)
  await sleep(5)
  expect(told.mock.calls.length).toBeGreaterThan(0)
  expect(told.mock.calls.length).toBeLessThan(4)
  end()
  desk.wake('b', 60)
  await sleep(5)
  expect(told.mock.calls.length).toBeLessThan(4)
})
