import { describe, expect, it } from 'vitest'
import type { GrantOrder, LeaseOrder, OrderReply } from '../cluster/messages.ts'
import { createOrderDesk } from './order-desk.ts'

const cancelledReply = { ok: false, code: 'cancelled', message: 'a' }

function grant(attempt: string): GrantOrder {
  return {
    type: 'grant',
    attempt,
    session: 's',
    part: 'v',
    from: 0,
    to: 9,
    until: 9,
    args: [],
    inputs: [],
  }
}

/** A desk whose grants wait until `prove` is called, and what it carried out. */
function slowDesk() {
  const handled: string[] = []
  const discarded: string[] = []
  let prove = (): void => {}
  const proof = new Promise<void>((resolve) => {
    prove = resolve
  })
  const take = createOrderDesk({
    prepare: ({ attempt }) => (attempt.startsWith('quick') ? null : proof),
    handle: (order: LeaseOrder): OrderReply => {
      handled.push(`${order.type} ${order.attempt}`)
      return { ok: true }
    },
    discard: ({ attempt }) => void discarded.push(attempt),
  })
  return { take, handled, discarded, prove }
}

describe('the order desk', () => {
  it('answers at once when there is nothing to wait for', () => {
    const { take, handled } = slowDesk()
    expect(take(grant('quick'))).toEqual({ ok: true })
    expect(take({ type: 'cut', attempt: 'quick', at: 3 })).toEqual({ ok: true })
    expect(handled).toEqual(['grant quick', 'cut quick'])
  })

  it('carries out the orders of an attempt after its grant, in the order in which they came', async () => {
    const { take, handled, prove } = slowDesk()
    const replies = [
      take(grant('a')),
      take({ type: 'extend', attempt: 'a', until: 5 }),
      take({ type: 'cut', attempt: 'a', at: 3 }),
    ]
    expect(handled).toEqual([])
    prove()
    expect(await Promise.all(replies)).toEqual([{ ok: true }, { ok: true }, { ok: true }])
    expect(handled).toEqual(['grant a', 'extend a', 'cut a'])
  })

  it('starts nothing for a grant that is cancelled while it waits', async () => {
    const { take, handled, discarded, prove } = slowDesk()
    const replies = [take(grant('a')), take({ type: 'cut', attempt: 'a', at: 3 })]
    expect(take({ type: 'cancel', attempt: 'a' })).toEqual({ ok: true })
    prove()
    expect(await Promise.all(replies)).toEqual([cancelledReply, cancelledReply])
    expect(handled).toEqual([])
    expect(discarded).toEqual(['a'])
  })

  it('answers a grant that is asked for again like the first', async () => {
    const { take, handled, prove } = slowDesk()
    const replies = [take(grant('a')), take(grant('a'))]
    prove()
    expect(await Promise.all(replies)).toEqual([{ ok: true }, { ok: true }])
    expect(handled).toEqual(['grant a', 'grant a'])
  })

  it('lets no attempt wait for another, and none after its grant', async () => {
    const { take, handled, prove } = slowDesk()
    const reply = take(grant('a'))
    expect(take({ type: 'cancel', attempt: 'b' })).toEqual({ ok: true })
    expect(handled).toEqual(['cancel b'])
    prove()
    await reply
    expect(take({ type: 'cancel', attempt: 'a' })).toEqual({ ok: true })
    expect(handled).toEqual(['cancel b', 'grant a', 'cancel a'])
  })
})
