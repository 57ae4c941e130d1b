import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OrderOutcome } from '../../cluster/connect-head.ts'
import type { Beat, Order } from '../../cluster/messages.ts'
import type { Fleet, FleetNode } from '../fleet.ts'
import { createTrustKeeper, type TrustKeeper } from './trust-keeper.ts'

const work = 'software: h264 8-bit to h264'

let beats: Map<string, Partial<Beat>>
let orders: [string, Order][]
let outcome: OrderOutcome
let changes: number
let logged: string[]
let keeper: TrustKeeper

const fleet: Pick<Fleet, 'node' | 'order'> = {
  node(id) {
    const beat = beats.get(id)
    return beat && ({ id, name: `name of ${id}`, beat: { platforms: ['software'], ...beat } } as FleetNode)
  },
  async order(node, order) {
    orders.push([node, order])
    return outcome
  },
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  beats = new Map([
    ['a', { boot: 'boot-1', proofs: 1 }],
    ['b', { boot: 'boot-1', proofs: 1 }],
  ])
  orders = []
  outcome = { answered: true, reply: { ok: true } }
  changes = 0
  logged = []
  keeper = createTrustKeeper({
    fleet,
    now: () => performance.now(),
    onChange: () => void changes++,
    log: {
      info: (_fields: object, message?: string) => void logged.push(message ?? ''),
      warn: (fields: { code?: string; reason?: string }) =>
        void logged.push(`${fields.code}: ${fields.reason}`),
    },
  })
})

afterEach(() => {
  keeper.close()
  vi.useRealTimers()
})

/** Two failures at segments that another node then makes. */
function lose(): void {
  for (const segment of [1, 2]) {
    keeper.failed({ node: 'a', work, session: 's', part: 'video', segment, reason: `at ${segment}` })
    keeper.made({ node: 'b', session: 's', part: 'video', segment })
  }
}

describe('a node that has failed twice', () => {
  it('is kept off its work, with the reason in the log and in the status', () => {
    lose()
    expect([keeper.mayDo('a', work), keeper.anyKeptOff, changes]).toEqual([false, true, 1])
    expect(logged).toEqual(['E_NODE_TRUST: at 2'])
    vi.advanceTimersByTime(7_400)
    expect(keeper.keptOff('a')).toEqual([{ work, reason: 'at 2', proofInSeconds: 23 }])
    expect(keeper.keptOff('b')).toEqual([])
  })

  it('is asked for a proof after the pause, and gets its work back when its beat says that it has one', async () => {
    lose()
    await vi.advanceTimersByTimeAsync(29_000)
    expect(orders).toEqual([])
    await vi.advanceTimersByTimeAsync(2_000)
    expect(orders).toEqual([['a', { type: 'prove' }]])
    keeper.look()
    expect(keeper.mayDo('a', work)).toBe(false)
    beats.set('a', { boot: 'boot-1', proofs: 2 })
    keeper.look()
    expect([keeper.mayDo('a', work), keeper.anyKeptOff]).toEqual([true, false])
    expect(logged.at(-1)).toBe('a node may do a kind of work again')
  })

  it('is not trusted for a proof from before it was asked', () => {
    beats.set('a', { boot: 'boot-1', proofs: 5 })
    lose()
    beats.set('a', { boot: 'boot-1', proofs: 6 })
    keeper.look()
    expect(keeper.mayDo('a', work)).toBe(false)
  })

  it('stays off when the proof does not show the platform, and is asked again later', async () => {
    lose()
    await vi.advanceTimersByTimeAsync(31_000)
    beats.set('a', { boot: 'boot-1', proofs: 2, platforms: [] })
    keeper.look()
    expect(keeper.mayDo('a', work)).toBe(false)
    await vi.advanceTimersByTimeAsync(58_000)
    expect(orders).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(orders).toHaveLength(2)
  })

  it('has proved itself when it is started anew', () => {
    lose()
    beats.set('a', { boot: 'boot-2', proofs: 1 })
    keeper.look()
    expect(keeper.mayDo('a', work)).toBe(true)
  })

  it('is tried again when it is of a release that knows no proofs', async () => {
    lose()
    outcome = { answered: true, reply: { ok: false, code: 'bad-order', message: 'what is prove?' } }
    await vi.advanceTimersByTimeAsync(31_000)
    expect([keeper.mayDo('a', work), changes]).toEqual([true, 2])
  })

  it('is asked again when the order was not heard, and not while it is away', async () => {
    lose()
    outcome = { answered: false, why: 'timeout', message: '' }
    await vi.advanceTimersByTimeAsync(31_000)
    expect(keeper.mayDo('a', work)).toBe(false)
    beats.delete('a')
    await vi.advanceTimersByTimeAsync(61_000)
    expect(orders).toHaveLength(1)
    beats.set('a', { boot: 'boot-1', proofs: 1 })
    await vi.advanceTimersByTimeAsync(61_000)
    expect(orders).toHaveLength(2)
  })
})

it('failures of a session that is over count no more', () => {
  for (const segment of [1, 2])
    keeper.failed({ node: 'a', work, session: 's', part: 'video', segment, reason: '' })
  keeper.sessionOver('s')
  for (const segment of [1, 2]) keeper.made({ node: 'b', session: 's', part: 'video', segment })
  expect([keeper.anyKeptOff, changes]).toEqual([false, 0])
})
