import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HeadLink, OrderOutcome } from '../cluster/connect-head.ts'
import { type Beat, contractVersion, type Order, type Refusal } from '../cluster/messages.ts'
import { canWork, type Fleet, openFleet } from './fleet.ts'

const beatOf = (node: string, boot = 'boot-1', leases: Beat['leases'] = []): Beat => ({
  ...{ node, name: `name of ${node}`, boot, contract: contractVersion, version: '0.1.0' },
  ...{ platforms: ['software'], cores: 4, leases },
})

const busyBeatOf = (node: string): Beat =>
  beatOf(node, 'boot-1', [{ attempt: 's-1', next: 0, frames: 0, speed: 0 }])

const cancel: Order = { type: 'cancel', attempt: 's-0' }

let drained: Set<string>
let fleet: Fleet
let told: string[]
/** Who said how far which leases are. */
let progress: string[]
let sent: { node: string; order: Order | Refusal; timeoutMs: number }[]
let outcome: OrderOutcome
let hear: (beat: Beat) => void
let pulse: () => Promise<boolean>
let breaks = 0

/** The cluster's end of the wire, in the hands of the test; only what the fleet uses of it. */
const link: { -readonly [Name in 'onBeats' | 'sendOrder' | 'pulse' | 'breaks']: HeadLink[Name] } = {
  breaks: () => breaks,
  pulse: () => pulse(),
  onBeats: async (handler) => {
    hear = handler
  },
  sendOrder: takeOrder,
}

async function takeOrder(node: string, order: Order | Refusal, timeoutMs: number): Promise<OrderOutcome> {
  sent.push({ node, order, timeoutMs })
  return outcome
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  told = []
  progress = []
  drained = new Set()
  sent = []
  outcome = { answered: true, reply: { ok: true } }
  pulse = async () => true
  link.sendOrder = takeOrder
  fleet = await openFleet(link as HeadLink, () => performance.now(), {
    onChange: () => told.push('change'),
    onLost: (node, why) => told.push(`lost ${node}: ${why}`),
    onNotice: (message) => told.push(message),
    isCarried: (attempt) => !attempt.startsWith('stray'),
    isKnown: (node) => node !== 'removed',
    onProgress: (node, leases) => progress.push(`${node}: ${leases.map(({ attempt }) => attempt).join()}`),
    isDrained: (node) => drained.has(node),
  })
})

afterEach(() => {
  fleet.close()
  vi.useRealTimers()
})

/** Lets time pass in which these nodes are heard every second. */
async function pass(ms: number, ...nodes: string[]): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    for (const node of nodes) hear(beatOf(node))
    await vi.advanceTimersByTimeAsync(Math.min(1_000, left))
  }
}

const news = () => told.splice(0)

describe('the fleet', () => {
  it('is empty until somebody is heard', () => {
    expect(fleet.nodes()).toEqual([])
    expect(fleet.node('a')).toBeUndefined()
  })

  it('passes on how far leases are, of nodes that have any', () => {
    hear(beatOf('a'))
    hear(busyBeatOf('b'))
    expect(progress).toEqual(['b: s-1'])
  })

  it('knows a node by what it says of itself', () => {
    hear(beatOf('a'))
    expect(fleet.node('a')).toEqual({
      ...{ id: 'a', name: 'name of a', cores: 4, platforms: ['software'], version: '0.1.0' },
      beat: beatOf('a'),
    })
    expect(fleet.nodes().map(({ id }) => id)).toEqual(['a'])
    expect(news()).toEqual(['node name of a joined', 'change'])
  })

  it('tells of a change only when there is one', async () => {
    await pass(5_000, 'a')
    expect(news()).toEqual(['node name of a joined', 'change'])
    const working = beatOf('a', 'boot-1', [{ attempt: 's-0', next: 3, frames: 70, speed: 2 }])
    hear(working)
    expect(news()).toEqual([])
    expect(fleet.node('a')!.beat).toEqual(working)
  })

  it('loses a node that works and is silent, within two seconds of its last sign of life', async () => {
    await pass(3_000, 'a', 'b')
    news()
    hear(busyBeatOf('a'))
    hear(busyBeatOf('b'))
    await vi.advanceTimersByTimeAsync(1_700)
    hear(busyBeatOf('b'))
    await vi.advanceTimersByTimeAsync(300)
    expect(news().slice(-3)).toEqual(['node name of a left: silent', 'lost a: silent', 'change'])
    expect(fleet.nodes().map(({ id }) => id)).toEqual(['b'])
  })

  it('loses an idle one, which beats less often, within five', async () => {
    hear(beatOf('a'))
    await vi.advanceTimersByTimeAsync(4_000)
    expect(fleet.nodes()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(fleet.nodes()).toEqual([])
  })

  it('takes any other sign of life as well', async () => {
    hear(busyBeatOf('a'))
    for (let n = 0; n < 10; n++) {
      await vi.advanceTimersByTimeAsync(1_000)
      fleet.sign('a')
    }
    expect(fleet.nodes().length).toBe(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(fleet.nodes()).toEqual([])
  })

  it('loses the work of a node that has started anew, but not the node', () => {
    hear(beatOf('a'))
    news()
    hear(beatOf('a', 'boot-2'))
    expect(news()).toEqual(['node name of a has started anew', 'lost a: it has started anew', 'change'])
    expect(fleet.nodes().length).toBe(1)
  })

  it('says when two agents use one token', () => {
    hear(beatOf('a'))
    hear(beatOf('a', 'boot-2'))
    news()
    hear(beatOf('a'))
    expect(news()).toEqual(['two agents use the token of node a; the one that came later counts', 'change'])
    expect(fleet.node('a')!.beat.boot).toBe('boot-2')
  })

  it('looks for silence no more when it is closed', async () => {
    hear(beatOf('a'))
    news()
    fleet.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(news()).toEqual([])
  })
})

describe('orders', () => {
  it('go to the node, which has little time to answer', async () => {
    hear(beatOf('a'))
    expect(await fleet.order('a', cancel)).toEqual({ answered: true, reply: { ok: true } })
    expect(sent).toEqual([{ node: 'a', order: cancel, timeoutMs: 1_500 }])
  })

  it('that nobody hears lose the node at once', async () => {
    hear(beatOf('a'))
    news()
    outcome = { answered: false, why: 'no-responders', message: 'a is not connected' }
    expect(await fleet.order('a', cancel)).toEqual(outcome)
    expect(news()).toEqual(['node name of a left: unreachable', 'lost a: unreachable', 'change'])
    expect(fleet.nodes()).toEqual([])
  })

  it.each(['timeout', 'disconnected', 'invalid-reply'] as const)(
    'that end with %s leave the node to its beats',
    async (why) => {
      hear(beatOf('a'))
      outcome = { answered: false, why, message: '' }
      await fleet.order('a', cancel)
      expect(fleet.nodes().length).toBe(1)
    },
  )

  it('that a node neither answers nor gives any other sign of life lose it', async () => {
    hear(beatOf('a'))
    await vi.advanceTimersByTimeAsync(500)
    link.sendOrder = async () => {
      await vi.advanceTimersByTimeAsync(1_500)
      return { answered: false, why: 'timeout', message: '' }
    }
    news()
    await fleet.order('a', cancel)
    expect(news()).toEqual(['node name of a left: silent', 'lost a: silent', 'change'])
  })

  it('that a node takes long to answer do not lose it when it lives', async () => {
    hear(beatOf('a'))
    await vi.advanceTimersByTimeAsync(500)
    link.sendOrder = async () => {
      await vi.advanceTimersByTimeAsync(700)
      fleet.sign('a')
      await vi.advanceTimersByTimeAsync(800)
      return { answered: false, why: 'timeout', message: '' }
    }
    expect(await fleet.order('a', cancel)).toMatchObject({ why: 'timeout' })
    expect(fleet.nodes()).toHaveLength(1)
  })

  it('that are answered are a sign of life', async () => {
    hear(busyBeatOf('a'))
    for (let n = 0; n < 10; n++) {
      await vi.advanceTimersByTimeAsync(1_000)
      await fleet.order('a', cancel)
    }
    expect(fleet.nodes()).toHaveLength(1)
  })

  it('of the head drop a node that was removed', () => {
    hear(beatOf('a'))
    news()
    fleet.drop('a', 'removed')
    fleet.drop('a', 'removed')
    expect(news()).toEqual(['node name of a left: removed', 'lost a: removed', 'change'])
  })
})

describe('while NATS is away', () => {
  const goAway = () => {
    pulse = async () => false
  }
  const comeBack = () => {
    pulse = async () => true
  }

  it('nobody is lost, for however long', async () => {
    hear(busyBeatOf('a'))
    hear(beatOf('b'))
    goAway()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fleet.nodes()).toHaveLength(2)
    expect(fleet.awayMs()).toBeGreaterThan(59_000)
  })

  it('nobody is lost either when it hangs and does not answer', async () => {
    hear(busyBeatOf('a'))
    pulse = () => new Promise(() => {})
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fleet.nodes()).toHaveLength(1)
    expect(fleet.awayMs()).toBeGreaterThan(59_000)
  })

  it('a node that does not come back with it is lost within the usual time, one that does is not', async () => {
    hear(busyBeatOf('a'))
    hear(busyBeatOf('b'))
    goAway()
    await vi.advanceTimersByTimeAsync(10_000)
    news()
    comeBack()
    await vi.advanceTimersByTimeAsync(500)
    hear(busyBeatOf('b'))
    await vi.advanceTimersByTimeAsync(1_200)
    expect(fleet.nodes()).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(300)
    expect(news()).toEqual(['node name of a left: silent', 'lost a: silent', 'change'])
    expect(fleet.awayMs()).toBe(0)
  })

  it('orders are not sent, and it is known when they can be', async () => {
    hear(busyBeatOf('a'))
    goAway()
    await vi.advanceTimersByTimeAsync(200)
    expect(await fleet.order('a', cancel)).toMatchObject({ answered: false, why: 'disconnected' })
    expect(sent).toEqual([])
    let reachable: boolean | undefined
    void fleet.reachable('a').then((is) => {
      reachable = is
    })
    comeBack()
    await vi.advanceTimersByTimeAsync(500)
    expect(reachable).toBeUndefined()
    hear(busyBeatOf('a'))
    await vi.advanceTimersByTimeAsync(0)
    expect(reachable).toBe(true)
  })

  it('a node that never comes back is told as out of reach', async () => {
    hear(busyBeatOf('a'))
    goAway()
    await vi.advanceTimersByTimeAsync(500)
    const reachable = fleet.reachable('a')
    comeBack()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(await reachable).toBe(false)
    expect(await fleet.reachable('nobody')).toBe(false)
  })

  it('an order that finds nobody is not held against a node that is not back yet', async () => {
    hear(beatOf('a'))
    goAway()
    await vi.advanceTimersByTimeAsync(500)
    comeBack()
    await vi.advanceTimersByTimeAsync(200)
    outcome = { answered: false, why: 'no-responders', message: '' }
    expect(await fleet.order('a', cancel)).toMatchObject({ why: 'disconnected' })
    expect(fleet.nodes()).toHaveLength(1)
    hear(beatOf('a'))
    expect(await fleet.order('a', cancel)).toMatchObject({ why: 'no-responders' })
    expect(fleet.nodes()).toEqual([])
  })

  it('for less than from pulse to pulse, an order waits all the same until its node is back', async () => {
    hear(beatOf('a'))
    await vi.advanceTimersByTimeAsync(150)
    breaks += 1
    expect(await fleet.order('a', cancel)).toMatchObject({ why: 'disconnected' })
    await vi.advanceTimersByTimeAsync(100)
    outcome = { answered: false, why: 'no-responders', message: '' }
    expect(await fleet.order('a', cancel)).toMatchObject({ why: 'disconnected' })
    expect(fleet.nodes()).toHaveLength(1)
  })

  it('an order without an answer because it went away is nobody’s fault', async () => {
    hear(busyBeatOf('a'))
    link.sendOrder = async () => {
      goAway()
      await vi.advanceTimersByTimeAsync(1_500)
      return { answered: false, why: 'timeout', message: '' }
    }
    expect(await fleet.order('a', cancel)).toMatchObject({ why: 'disconnected' })
    expect(fleet.nodes()).toHaveLength(1)
  })

  it('an order that could not be sent is known before the next pulse, so that nobody tries again at once', async () => {
    hear(busyBeatOf('a'))
    outcome = { answered: false, why: 'disconnected', message: '' }
    await fleet.order('a', cancel)
    for (let n = 0; n < 100; n++) await fleet.order('a', cancel)
    expect(sent).toHaveLength(1)
  })

  it('whoever waits is told when the head closes', async () => {
    hear(busyBeatOf('a'))
    goAway()
    await vi.advanceTimersByTimeAsync(500)
    const reachable = fleet.reachable('a')
    fleet.close()
    expect(await reachable).toBe(false)
  })
})

describe('speeds', () => {
  it('are unknown at first and smoothed after', () => {
    hear(beatOf('a'))
    expect(fleet.node('a')!.speed).toBeUndefined()
    fleet.observeSpeed('a', 4)
    expect(fleet.node('a')!.speed).toBe(4)
    fleet.observeSpeed('a', 2)
    expect(fleet.node('a')!.speed).toBeCloseTo(3.4, 9)
    for (let n = 0; n < 30; n++) fleet.observeSpeed('a', 2)
    expect(fleet.node('a')!.speed).toBeCloseTo(2, 3)
  })

  it('are remembered of a node that was away', () => {
    hear(beatOf('a'))
    fleet.observeSpeed('a', 4)
    fleet.drop('a', 'silent')
    hear(beatOf('a', 'boot-2'))
    expect(fleet.node('a')!.speed).toBe(4)
  })
})

describe('a node of another release', () => {
  const heard = (contract: number) => hear({ ...beatOf('a'), contract })

  it.each([-1, 0, 1])('works when it is %i apart', (apart) => {
    heard(contractVersion + apart)
    expect(fleet.nodes().filter(canWork)).toHaveLength(1)
    expect(sent).toEqual([])
  })

  it.each([
    [-2, 'E_NODE_TOO_OLD'],
    [2, 'E_NODE_TOO_NEW'],
  ])('does not work when it is %i apart, and is told so once for each of its processes', (apart, code) => {
    heard(contractVersion + apart)
    heard(contractVersion + apart)
    expect(fleet.nodes()).toHaveLength(1)
    expect(fleet.nodes().filter(canWork)).toEqual([])
    expect(sent).toMatchObject([{ node: 'a', order: { type: 'refuse', code } }])
    expect(news().filter((line) => line.includes(code))).toHaveLength(1)
    hear({ ...beatOf('a', 'boot-2'), contract: contractVersion + apart })
    expect(sent).toHaveLength(2)
  })
})

it('a node that has been put out is not brought back by what it said last', () => {
  hear(beatOf('removed'))
  expect(fleet.nodes()).toEqual([])
})

it('a node that has been put out and goes on to beat is told so, once for each of its processes', () => {
  for (let n = 0; n < 5; n++) hear(beatOf('removed'))
  hear({ ...beatOf('removed'), boot: 'another' })
  expect(sent).toMatchObject([
    { node: 'removed', order: { type: 'refuse', code: 'E_NODE_REMOVED' } },
    { node: 'removed', order: { type: 'refuse', code: 'E_NODE_REMOVED' } },
  ])
})

describe('a node that is to do no more', () => {
  it('stays in the list, and gets no work', () => {
    hear(beatOf('a'))
    expect(fleet.nodes().filter(canWork)).toHaveLength(1)
    drained.add('a')
    expect(fleet.node('a')).toMatchObject({ id: 'a', draining: true })
    expect(fleet.nodes().filter(canWork)).toEqual([])
  })

  it('may say so itself, and all hear of it once', () => {
    hear(beatOf('a'))
    news()
    hear({ ...beatOf('a'), leaving: true })
    hear({ ...beatOf('a'), leaving: true })
    expect(news()).toEqual(['change'])
    expect(fleet.node('a')).toMatchObject({ draining: true })
    expect(fleet.nodes().filter(canWork)).toEqual([])
  })
})

describe('a node that has proved itself again', () => {
  it.each<[string, Partial<Beat>]>([
    ['as before', { proofs: 2 }],
    ['with less', { proofs: 1, platforms: [] }],
  ])('%s is told of once', (_how, change) => {
    hear({ ...beatOf('a'), proofs: 1 })
    news()
    for (let beats = 0; beats < 3; beats += 1) hear({ ...beatOf('a'), ...change })
    expect(news()).toEqual(['change'])
  })
})

describe('a beat that is heard before the fleet is open', () => {
  it('is told as soon as there is one, and not before', async () => {
    const heard: string[] = []
    let early: Fleet | undefined
    const onBeats: HeadLink['onBeats'] = async (handler) => handler(beatOf('early'))
    early = await openFleet({ ...link, onBeats } as HeadLink, () => performance.now(), {
      onChange: () => heard.push(early?.node('early')?.name ?? 'there is no fleet'),
      ...{ onLost: () => undefined, onNotice: () => undefined },
      ...{ isCarried: () => true, isKnown: () => true },
    })
    expect(heard).toEqual([])
    await new Promise(setImmediate)
    expect(heard).toEqual(['name of early'])
    early.close()
  })
})
