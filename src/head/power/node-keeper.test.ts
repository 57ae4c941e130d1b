import { beforeEach, describe, expect, it, vi } from 'vitest'
import { PacelineError } from '../../errors.ts'
import type { PowerDriver, PowerOutcome } from '../../power/drivers/driver.ts'
import { checkPowerSettings } from '../../power/power-settings.ts'
import type { KeptNode } from './kept-power.ts'
import { NodeKeeper, type NodeKeeperOptions } from './node-keeper.ts'

let nowMs: number
let given: string[]
let logged: { readonly level: string; readonly fields: Record<string, unknown>; readonly words: string }[]
let changes: boolean[]
let failure: Error | null
let outcome: Partial<PowerOutcome>
/** Lets the commands that are under way end; null when they end by themselves. */
let release: (() => void) | null
let held: Promise<void> | null

const pair = {
  driver: 'pair',
  on: { driver: 'wake-on-lan', mac: '00:11:22:33:44:55' },
  off: [{ driver: 'agent', action: 'suspend' }],
}

function settingsOf(driver: unknown = { driver: 'exec', on: ['true'], off: ['true'] }) {
  const node = { idleWatts: 5, busyWatts: 12, wakeSeconds: 20, sleepSeconds: 0, driver }
  return checkPowerSettings({ nodes: { a: node } }).nodes.get('a')!
}

const driver: PowerDriver = {
  ...{ kind: 'exec', name: 'exec test' },
  on: () => command('on'),
  off: () => command('off'),
  state: () => Promise.reject(new Error('nobody asks')),
  close: async () => {},
}

async function command(what: 'on' | 'off'): Promise<PowerOutcome> {
  given.push(what)
  await held
  if (failure) throw failure
  const state = { asked: what, commanded: what, observed: 'unknown', evidence: '' } as const
  return { sent: true, what: `told ${what}`, attempts: 1, confirmed: false, state, ...outcome }
}

function keeperOf(more: Partial<NodeKeeperOptions> = {}): NodeKeeper {
  const note = (level: string) => (fields: object, words: string) =>
    void logged.push({ level, fields: fields as Record<string, unknown>, words })
  return new NodeKeeper({
    ...{ name: 'a', settings: settingsOf(), driver, isDry: false, past: undefined },
    nowMs: () => nowMs,
    log: { info: note('info'), warn: note('warn'), error: note('error') } as NodeKeeperOptions['log'],
    onChange: (isOther) => void changes.push(isOther),
    ...more,
  })
}

const kept: KeptNode = {
  ...{ phase: 'off', sinceMs: 500_000, boot: 'old', failures: 0, retryAtMs: null, keptUntilMs: null },
  wakeTime: { meanSeconds: 18, spreadSeconds: 1, seen: 3 },
  ...{ platforms: ['software'], cores: 4, capacity: null },
}
const beat = (boot: string, leases = 0, machine?: string) => ({ boot, leases, ...(machine && { machine }) })

beforeEach(() => {
  nowMs = 1_000_000
  given = []
  logged = []
  changes = []
  failure = null
  outcome = {}
  held = null
  release = null
})

/** From now on devices take long. */
function hold(): void {
  held = new Promise((resolve) => {
    release = () => {
      held = null
      resolve()
    }
  })
}

describe('a node that is woken', () => {
  it('is told so once, may work when its agent is heard, and is remembered for how long it took', async () => {
    const keeper = keeperOf({ past: kept })
    keeper.wake('needed')
    keeper.wake('needed')
    expect(keeper.wakeExpectedAtMs).toBe(1_018_000)
    await vi.waitFor(() => expect(keeper.command?.endedMs).toEqual(expect.any(Number)))
    nowMs += 21_000
    keeper.heard(beat('new'))
    expect(given).toEqual(['on'])
    expect(keeper.life).toMatchObject({ phase: 'ready', boot: 'new' })
    expect(keeper.wakeTime).toMatchObject({ seen: 4 })
    expect(keeper.wakeTime.meanSeconds).toBeGreaterThan(18)
    expect(keeper.decided).toMatchObject({ what: 'wake', reason: 'needed', atMs: 1_000_000 })
  })

  it('and does not come is tried again with a cycle of its power, then reported and left alone for a while', async () => {
    const keeper = keeperOf({ past: kept })
    keeper.wake('needed')
    for (const tries of [1, 2, 3]) {
      await vi.waitFor(() => expect(given).toHaveLength(tries * 2 - 1))
      nowMs += 60_000
      keeper.tick()
    }
    expect(given).toEqual(['on', 'off', 'on', 'off', 'on'])
    expect(keeper.life).toMatchObject({ phase: 'failed', failures: 1, retryAtMs: nowMs + 300_000 })
    expect(logged.at(-1)).toMatchObject({ level: 'warn', fields: { code: 'E_NODE_WAKE', node: 'a' } })

    keeper.wake('needed')
    expect(keeper.life.phase).toBe('failed')
    keeper.wake('by-hand')
    expect(keeper.life.phase).toBe('waking')
    await vi.waitFor(() => expect(given).toHaveLength(6))
  })

  it('by a switch that fails is tried at once, and what the switch said is told', async () => {
    failure = new PacelineError('E_POWER_REFUSED', 'relay is stuck')
    const keeper = keeperOf({ past: kept })
    keeper.wake('needed')
    await vi.waitFor(() => expect(keeper.life.phase).toBe('failed'))
    expect(keeper.command?.failure).toEqual({ code: 'E_POWER_REFUSED', message: 'relay is stuck' })
    expect(keeper.report).toMatchObject({ what: 'did-not-wake', reason: 'E_POWER_REFUSED: relay is stuck' })
  })
})

describe('a node that goes to sleep', () => {
  const awake = () => {
    const keeper = keeperOf({ past: kept })
    keeper.heard(beat('b1'))
    return keeper
  }

  it('hands over what it has first, and gets nothing meanwhile', async () => {
    const keeper = awake()
    keeper.heard(beat('b1', 2))
    expect(keeper.isLeaving).toBe(false)
    keeper.sleep('not-needed')
    expect([keeper.life.phase, keeper.isLeaving]).toEqual(['draining', true])
    await vi.waitFor(() => expect(changes).toContain(true))
    expect(given).toEqual([])
    keeper.heard(beat('b1', 0))
    await vi.waitFor(() => expect(given).toEqual(['off']))
    expect(keeper.life.phase).toBe('going-to-sleep')
    keeper.gone()
    expect([keeper.life.phase, keeper.isLeaving]).toEqual(['off', false])
  })

  it('is off as soon as that is seen, though nobody misses it yet, and a beat that was under way says nothing', async () => {
    outcome = {
      confirmed: true,
      state: { asked: 'off', commanded: 'off', observed: 'off', evidence: '' },
    }
    const keeper = awake()
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.life.phase).toBe('off'))
    nowMs += 2_000
    keeper.heard(beat('b1'))
    expect(keeper.life.phase).toBe('off')
  })

  it('and goes on to beat after that was not off: it may work', async () => {
    outcome = {
      confirmed: true,
      state: { asked: 'off', commanded: 'off', observed: 'off', evidence: '' },
    }
    const keeper = awake()
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.life.phase).toBe('off'))
    nowMs += 11_000
    keeper.heard(beat('b1'))
    expect(keeper.life.phase).toBe('ready')
    expect(keeper.report?.what).toBe('woke-by-itself')
  })

  it('wakes again after that when somebody comes meanwhile, never in the middle of it', async () => {
    const keeper = awake()
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.command?.endedMs).toEqual(expect.any(Number)))
    keeper.wake('needed')
    expect(given).toEqual(['off'])
    keeper.gone()
    await vi.waitFor(() => expect(given).toEqual(['off', 'on']))
    expect(keeper.life.phase).toBe('waking')
  })

  it('by a switch that fails may work on, and that is told', async () => {
    const keeper = awake()
    failure = new PacelineError('E_POWER_UNREACHABLE', 'plug')
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.life.phase).toBe('ready'))
    expect(logged.at(-1)).toMatchObject({ fields: { code: 'E_NODE_SLEEP' } })
  })

  it('and does not is not told to again for five minutes, ten, up to two hours, unless by a person', async () => {
    const keeper = awake()
    failure = new PacelineError('E_POWER_UNREACHABLE', 'plug')
    for (const minutes of [5, 10, 20, 40, 80, 120, 120]) {
      const before = given.length
      keeper.sleep('not-needed')
      await vi.waitFor(() => expect(keeper.life.phase).toBe('ready'))
      expect(keeper.staysUntilMs).toBe(nowMs + minutes * 60_000)
      nowMs += minutes * 60_000 - 1
      keeper.sleep('not-needed')
      expect([keeper.life.phase, given.length]).toEqual(['ready', before + 1])
      nowMs += 1
    }
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.life.phase).toBe('ready'))
    keeper.sleep('by-hand')
    expect(keeper.life.phase).toBe('going-to-sleep')
  })

  it('and does not is one that waits for another try until then only, and only while it is there', async () => {
    const keeper = awake()
    failure = new PacelineError('E_POWER_UNREACHABLE', 'plug')
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.staysUntilMs).toBe(nowMs + 300_000))
    keeper.gone()
    expect(keeper.staysUntilMs).toBeNull()
    keeper.heard(beat('b2'))
    expect(keeper.staysUntilMs).toBe(nowMs + 300_000)
    nowMs += 300_000
    expect(keeper.staysUntilMs).toBeNull()
  })

  it('and has gone and been woken in order is trusted to go again', async () => {
    const keeper = awake()
    failure = new PacelineError('E_POWER_UNREACHABLE', 'plug')
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.life.phase).toBe('ready'))
    failure = null
    nowMs += 300_000
    keeper.sleep('not-needed')
    expect(keeper.staysUntilMs).toBeNull()
    await vi.waitFor(() => expect(keeper.command?.failure).toBeNull())
    keeper.gone()
    keeper.wake('needed')
    nowMs += 20_000
    keeper.heard(beat('b2'))
    failure = new PacelineError('E_POWER_UNREACHABLE', 'plug')
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.staysUntilMs).toBe(nowMs + 300_000))
  })

  it('and comes back by itself each time is put to sleep less and less often', async () => {
    const keeper = awake()
    for (const [times, minutes] of [5, 10, 20].entries()) {
      keeper.sleep('not-needed')
      await vi.waitFor(() => expect(given).toHaveLength(times + 1))
      await vi.waitFor(() => expect(keeper.command?.endedMs).toEqual(expect.any(Number)))
      keeper.gone()
      nowMs += 20_000
      keeper.heard(beat(`again ${times}`))
      expect(keeper.report?.what).toBe('woke-by-itself')
      expect(keeper.staysUntilMs).toBe(nowMs + minutes * 60_000)
      nowMs += minutes * 60_000
    }
  })

  it('and whose network goes and comes may sleep as before', () => {
    const keeper = awake()
    keeper.gone()
    keeper.heard(beat('b1'))
    expect([keeper.report?.what, keeper.staysUntilMs]).toEqual(['woke-by-itself', null])
  })

  it('because a person said so is not woken by those who would need it', () => {
    const keeper = awake()
    keeper.heard(beat('b1', 1))
    keeper.sleep('by-hand')
    expect(keeper.isSentToSleep).toBe(true)
    keeper.sleep('not-needed')
    expect(keeper.isSentToSleep).toBe(true)
  })

  it('by being suspended is awake until it is silent, whatever its switch has seen', async () => {
    const state = { asked: 'off', commanded: 'off', observed: 'off', evidence: '' } as const
    outcome = { confirmed: true, state }
    const keeper = keeperOf({ past: kept, settings: settingsOf(pair) })
    keeper.heard(beat('b1'))
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.command?.endedMs).toEqual(expect.any(Number)))
    keeper.heard(beat('b1'))
    expect([keeper.life.phase, keeper.isLeaving]).toEqual(['going-to-sleep', true])
  })

  it('by being suspended comes back as the same agent', async () => {
    const keeper = keeperOf({ past: kept, settings: settingsOf(pair) })
    expect(keeper.isSuspending).toBe(true)
    keeper.heard(beat('b1'))
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.command?.endedMs).toEqual(expect.any(Number)))
    keeper.gone()
    keeper.wake('needed')
    await vi.waitFor(() => expect(given).toEqual(['off', 'on']))
    nowMs += 3_000
    keeper.heard(beat('b1'))
    expect(keeper.life.phase).toBe('ready')
  })
})

describe('a node whose power is being cut', () => {
  const leaving = async () => {
    const keeper = keeperOf({ past: kept })
    keeper.heard(beat('b1'))
    hold()
    keeper.sleep('not-needed')
    await vi.waitFor(() => expect(given).toEqual(['off']))
    return keeper
  }

  it('is given nothing before that has ended, however long its switch takes', async () => {
    const keeper = await leaving()
    nowMs += 500_000
    keeper.heard(beat('b1'))
    keeper.tick()
    expect([keeper.life.phase, keeper.isLeaving]).toEqual(['going-to-sleep', true])
    release!()
    await vi.waitFor(() => expect(keeper.command?.endedMs).toEqual(expect.any(Number)))
    nowMs += 60_000
    keeper.tick()
    expect(keeper.life.phase).toBe('going-to-sleep')
    nowMs += 60_000
    keeper.tick()
    expect([keeper.life.phase, keeper.report?.what]).toEqual(['ready', 'did-not-sleep'])
  })

  it('is given nothing either when it has started anew meanwhile', async () => {
    const keeper = await leaving()
    keeper.heard(beat('b2'))
    expect(keeper.isLeaving).toBe(true)
    keeper.gone()
    keeper.heard(beat('b2'))
    expect([keeper.life.phase, keeper.isLeaving]).toEqual(['off', true])
    release!()
    await vi.waitFor(() => expect(keeper.command?.endedMs).toEqual(expect.any(Number)))
    keeper.heard(beat('b2'))
    expect([keeper.life.phase, keeper.isLeaving]).toEqual(['off', true])
    nowMs += 11_000
    keeper.heard(beat('b2'))
    expect([keeper.life.phase, keeper.isLeaving]).toEqual(['ready', false])
  })

  it('and that is wanted again has all its time from when it is switched on', async () => {
    const keeper = await leaving()
    keeper.gone()
    keeper.wake('needed')
    nowMs += 300_000
    keeper.tick()
    release!()
    await vi.waitFor(() => expect(given).toEqual(['off', 'on']))
    keeper.tick()
    expect(keeper.wakeExpectedAtMs).toBe(nowMs + 18_000)
    nowMs += 20_000
    keeper.heard(beat('b2'))
    expect(keeper.life.phase).toBe('ready')
    expect(keeper.wakeTime).toMatchObject({ seen: 4, meanSeconds: 18.5 })
  })

  it('says once that it will be woken, however often somebody asks', async () => {
    const keeper = await leaving()
    for (let times = 0; times < 5; times += 1) keeper.wake('needed')
    expect(logged.filter(({ words }) => words === 'a node is woken')).toHaveLength(1)
    release!()
    keeper.gone()
    await vi.waitFor(() => expect(given).toEqual(['off', 'on']))
  })
})

it('one that comes late, while its switch still looks for it, is not cut off after all', async () => {
  const keeper = keeperOf({ past: kept })
  hold()
  keeper.wake('needed')
  await vi.waitFor(() => expect(given).toEqual(['on']))
  nowMs += 20_000
  keeper.heard(beat('b2', 1))
  nowMs += 60_000
  keeper.tick()
  release!()
  await vi.waitFor(() => expect(keeper.command?.endedMs).toEqual(expect.any(Number)))
  expect([keeper.life.phase, given]).toEqual(['busy', ['on']])
})

describe('a node that nobody has switched', () => {
  it('and that starts anew is noticed, its machine apart from its agent', () => {
    const keeper = keeperOf({ past: kept })
    keeper.heard(beat('b1', 0, 'm1'))
    keeper.heard(beat('b2', 0, 'm1'))
    expect(keeper.report).toMatchObject({ what: 'rebooted', reason: 'its agent is another one' })
    keeper.heard(beat('b3', 0, 'm2'))
    expect(keeper.report).toMatchObject({ what: 'rebooted', reason: 'its machine has started anew' })
  })

  it('and that was never known is nothing to wonder at', () => {
    const keeper = keeperOf()
    keeper.heard(beat('b1'))
    expect([keeper.life.phase, keeper.report]).toEqual(['ready', null])
  })

  it('and has no driver comes and goes without a word, and is never told anything', () => {
    const keeper = keeperOf({ driver: null, settings: null })
    keeper.heard(beat('b1'))
    keeper.sleep('not-needed')
    keeper.gone()
    keeper.wake('needed')
    expect([keeper.life.phase, keeper.isSwitched, given]).toEqual(['off', false, []])
    expect(logged.filter(({ level }) => level === 'warn')).toEqual([])
  })
})

describe('a dry run', () => {
  it('says once what would be done, and changes nothing', async () => {
    outcome = { sent: false }
    const keeper = keeperOf({ isDry: true })
    keeper.heard(beat('b1'))
    for (let times = 0; times < 5; times += 1) keeper.sleep('not-needed')
    await vi.waitFor(() => expect(keeper.command).toMatchObject({ isDry: true, endedMs: expect.any(Number) }))
    expect(given).toEqual(['off'])
    expect([keeper.life.phase, keeper.isLeaving]).toEqual(['ready', false])
    keeper.wake('needed')
    expect(given).toEqual(['off'])
  })
})

describe('a head that starts again', () => {
  it('knows who sleeps and since when, and finds one awake that was to be off', () => {
    const keeper = keeperOf({ past: kept })
    expect(keeper.life).toMatchObject({ phase: 'off', sinceMs: 500_000 })
    expect(keeper.countsAsThere).toBe(false)
    keeper.heard(beat('old'))
    expect(keeper.life.phase).toBe('ready')
  })

  it('waits on for one that wakes, and gives it the rest of its time', async () => {
    const keeper = keeperOf({ past: { ...kept, phase: 'waking', sinceMs: 990_000 } })
    nowMs = 1_005_000
    keeper.tick()
    expect(given).toEqual([])
    nowMs = 1_030_000
    keeper.tick()
    await vi.waitFor(() => expect(given).toEqual(['off', 'on']))
  })

  it('takes one for off that was awake and does not come back', () => {
    const keeper = keeperOf({ past: { ...kept, phase: 'busy' } })
    expect(keeper.countsAsThere).toBe(true)
    keeper.gone()
    expect(keeper.life.phase).toBe('off')
    expect(keeper.report?.what).toBe('vanished')
  })

  it('after its clock has been set back does not believe in a future', () => {
    expect(keeperOf({ past: { ...kept, sinceMs: 9e12 } }).life.sinceMs).toBe(1_000_000)
    const failed = keeperOf({ past: { ...kept, phase: 'failed', failures: 1, retryAtMs: 9e12 } })
    expect(failed.life.retryAtMs).toBe(nowMs + 2 * 3_600_000)
    expect(keeperOf({ past: { ...kept, keptUntilMs: 9e12 } }).keptUntilMs).toBeNull()
    expect(keeperOf({ past: { ...kept, keptUntilMs: nowMs + 60_000 } }).keptUntilMs).toBe(nowMs + 60_000)
  })

  it('tries one again that has failed, though nobody knows when', () => {
    const keeper = keeperOf({ past: { ...kept, phase: 'failed', failures: 1, retryAtMs: null } })
    keeper.tick()
    expect(keeper.life.phase).toBe('off')
  })

  it('learns nothing from a wake that an earlier one began by another clock', () => {
    const keeper = keeperOf({ past: { ...kept, phase: 'waking', sinceMs: 0 } })
    keeper.heard(beat('new'))
    expect(keeper.life.phase).toBe('ready')
    expect(keeper.wakeTime).toEqual(kept.wakeTime)
  })
})

it('is kept awake until the time is up', () => {
  const keeper = keeperOf({ past: kept })
  keeper.keep(nowMs + 60_000)
  keeper.tick()
  expect(keeper.keptUntilMs).not.toBeNull()
  nowMs += 60_000
  keeper.tick()
  expect(keeper.keptUntilMs).toBeNull()
})
