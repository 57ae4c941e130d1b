import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { OrderOutcome } from '../../cluster/connect-head.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import type { GrantAction } from '../../session/actions.ts'
import { createLeaseBook, type LeaseBook } from '../data/lease-book.ts'
import { noBytes } from '../files/testing/path-bytes.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { createLeaseCarrier, type LeaseCarrier, type LeaseHolder } from './lease-carrier.ts'

let fleet: SmallFleet
let leases: LeaseBook
let carrier: LeaseCarrier
let gone: string[]
let closed: string[]
let holder: LeaseHolder
/** Lets whoever waits for NATS go on. */
let comeBack: () => void

const away: OrderOutcome = { answered: false, why: 'disconnected', message: 'NATS is away' }
const action = (attempt: string, node = 'a'): GrantAction => ({
  ...{
    type: 'grant',
    attempt,
    node,
    part: 'video',
    from: 0,
    to: 4,
    until: 2,
    open: false,
    failures: 0,
    doubles: null,
  },
})

beforeEach(() => {
  leases = createLeaseBook()
  fleet = new SmallFleet(leases, () => null, ['a', 'b'])
  gone = []
  closed = []
  holder = {
    ...{ id: 's', plan: samplePlan, verdict: () => 'accept', store: async () => null },
    leaseGone: (attempt) => gone.push(attempt),
  }
  carrier = createLeaseCarrier({
    ...{ fleet, leases, now: () => performance.now() },
    inputs: [{ path: '/media/film.mkv', size: 1_000, identity: 'i', edges: 'e', bytes: noBytes }],
    onGranted: () => {},
    onClosed: ({ attempt }) => closed.push(attempt),
  })
})

/** NATS is away until `comeBack`. */
function goAway(): void {
  let isAway = true
  fleet.answer = () => (isAway ? away : undefined)
  fleet.reached = new Promise<void>((resolve) => {
    comeBack = () => {
      isAway = false
      resolve()
    }
  })
}

/** Whether a promise is still pending when everything that can happen has. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true
  void promise.then(() => {
    pending = false
  })
  for (let n = 0; n < 10; n++) await turn()
  return pending
}

const sent = (type: string) => fleet.orders.filter(({ order }) => order.type === type)

describe('while NATS is away', () => {
  it('a grant waits, and goes out once when the node can be reached', async () => {
    goAway()
    const granted = carrier.grant(holder, action('s-0'))
    expect(await isPending(granted)).toBe(true)
    expect(sent('grant')).toHaveLength(1)
    comeBack()
    expect(await granted).toBeNull()
    expect(sent('grant').map(({ order }) => order.attempt)).toEqual(['s-0', 's-0'])
    expect(closed).toEqual([])
    expect(leases.find('s-0', 'a')).toMatchObject({ attempt: 's-0' })
  })

  it('a grant is nobody’s failure when its node does not come back', async () => {
    goAway()
    const granted = carrier.grant(holder, action('s-0'))
    expect(await isPending(granted)).toBe(true)
    fleet.lose('a')
    comeBack()
    expect(await granted).toMatchObject({ type: 'lease-ended', outcome: 'stopped', next: 0 })
    expect(leases.find('s-0', 'a')).toBe('over')
  })

  it('a grant that nobody wants any more is not sent again', async () => {
    goAway()
    const granted = carrier.grant(holder, action('s-0'))
    await isPending(granted)
    carrier.order({ type: 'cancel', attempt: 's-0' })
    comeBack()
    await granted
    expect(sent('grant')).toHaveLength(1)
    await turn()
    expect(sent('cancel').length).toBeGreaterThan(0)
  })

  it('only the last credit is told afterwards, and a cut is', async () => {
    await carrier.grant(holder, action('s-0'))
    goAway()
    for (const until of [3, 4, 5]) carrier.order({ type: 'extend', attempt: 's-0', until })
    carrier.order({ type: 'cut', attempt: 's-0', at: 3 })
    await isPending(Promise.resolve())
    const before = fleet.orders.length
    comeBack()
    await isPending(Promise.resolve())
    expect(fleet.orders.slice(before).map(({ order }) => order)).toEqual([
      { type: 'extend', attempt: 's-0', until: 5 },
      { type: 'cut', attempt: 's-0', at: 3 },
    ])
  })

  it('orders are tried again however often it was away', async () => {
    await carrier.grant(holder, action('s-0'))
    let tries = 0
    fleet.answer = () => (++tries < 60 ? away : undefined)
    carrier.order({ type: 'cut', attempt: 's-0', at: 3 })
    while (tries < 60) await turn()
    expect([gone, sent('cut').length]).toEqual([[], 60])
  })
})

describe('a node that is lost', () => {
  it('has no lease any more, and nobody else’s is touched', async () => {
    await carrier.grant(holder, action('s-0', 'a'))
    await carrier.grant(holder, action('s-1', 'b'))
    carrier.nodeLost('a')
    expect(carrier.all().map(({ attempt }) => attempt)).toEqual(['s-1'])
    expect(leases.find('s-0', 'a')).toBe('over')
    expect(leases.find('s-1', 'b')).toMatchObject({ node: 'b' })
    expect(closed).toEqual(['s-0'])
  })
})

describe('a grant', () => {
  it('that nobody hears loses the node', async () => {
    fleet.answer = () => ({ answered: false, why: 'no-responders', message: '' })
    expect(await carrier.grant(holder, action('s-0'))).toEqual({ type: 'node-lost', node: 'a' })
    expect(carrier.all()).toEqual([])
  })

  it('without an answer is cancelled, since it may have been heard', async () => {
    fleet.answer = ({ order }) =>
      order.type === 'grant' ? { answered: false, why: 'timeout', message: 'no answer' } : undefined
    expect(await carrier.grant(holder, action('s-0'))).toMatchObject({ outcome: 'stopped' })
    await turn()
    expect(sent('cancel')).toHaveLength(1)
  })

  it('that the node refuses has failed', async () => {
    fleet.answer = () => ({
      answered: true,
      reply: { ok: false, code: 'spawn-failed', message: 'no ffmpeg' },
    })
    expect(await carrier.grant(holder, action('s-0'))).toMatchObject({
      ...{ outcome: 'failed', reason: 'no ffmpeg' },
    })
  })
})

describe('an order about a lease that its node does not know', () => {
  it('tells the session', async () => {
    await carrier.grant(holder, action('s-0'))
    fleet.answer = () => ({
      ...{ answered: true, reply: { ok: false, code: 'unknown-attempt', message: '' } },
    })
    carrier.order({ type: 'cut', attempt: 's-0', at: 3 })
    await turn()
    expect(gone).toEqual(['s-0'])
  })
})

it('calls the node of a lease that it takes over by its name, also when that comes back later', () => {
  fleet.lose('a')
  carrier.adopt(holder, { attempt: 'old-1', part: 'video', node: 'a', from: 0, to: 8 })
  expect(leases.find('old-1', 'a')).toMatchObject({ attempt: 'old-1' })
  fleet.add('a')
  expect(carrier.lease('old-1')?.nodeName).toBe('name of a')
})
