import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTurnstile } from './turnstile.ts'

const options = { mostBytes: 100, patienceMs: 1_000 }

/** Enters, and tells whether it is inside. */
async function asking(turnstile: ReturnType<typeof createTurnstile>, bytes: number) {
  const asked = { isInside: false, leave: () => {} }
  void turnstile.enter(bytes).then((leave) => Object.assign(asked, { isInside: true, leave }))
  await settled()
  return asked
}

const settled = () => vi.advanceTimersByTimeAsync(0)

describe('a turnstile', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('lets in what there is room for and keeps the others waiting', async () => {
    const turnstile = createTurnstile(options)
    const [one, two, three] = [
      await asking(turnstile, 60),
      await asking(turnstile, 40),
      await asking(turnstile, 1),
    ]
    expect([one, two, three].map(({ isInside }) => isInside)).toEqual([true, true, false])
    two.leave()
    await settled()
    expect(three.isInside).toBe(true)
  })

  it('keeps to the order in which they came, also where a later one would fit', async () => {
    const turnstile = createTurnstile(options)
    const first = await asking(turnstile, 80)
    const large = await asking(turnstile, 50)
    const small = await asking(turnstile, 10)
    expect([large.isInside, small.isInside]).toEqual([false, false])
    first.leave()
    await settled()
    expect([large.isInside, small.isInside]).toEqual([true, true])
  })

  it('lets in alone what is larger than all the room', async () => {
    const turnstile = createTurnstile(options)
    const giant = await asking(turnstile, 500)
    const next = await asking(turnstile, 1)
    expect([giant.isInside, next.isInside]).toEqual([true, false])
    giant.leave()
    await settled()
    expect(next.isInside).toBe(true)
  })

  it('counts whoever leaves twice once', async () => {
    const turnstile = createTurnstile(options)
    const [one, two] = [await asking(turnstile, 50), await asking(turnstile, 50)]
    one.leave()
    one.leave()
    const [three, four] = [await asking(turnstile, 50), await asking(turnstile, 50)]
    expect([two.isInside, three.isInside, four.isInside]).toEqual([true, true, false])
  })

  it('does not let one that stays for long hold up the others', async () => {
    const turnstile = createTurnstile(options)
    const stuck = await asking(turnstile, 100)
    const next = await asking(turnstile, 100)
    await vi.advanceTimersByTimeAsync(999)
    expect(next.isInside).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(next.isInside).toBe(true)
    // It does not count, and gives no room when it goes.
    stuck.leave()
    expect((await asking(turnstile, 1)).isInside).toBe(false)
  })
})
