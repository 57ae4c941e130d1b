import { describe, expect, it } from 'vitest'
import type { SessionView } from '../contract/session-view.ts'
import { changedFields, quietened } from './changed-fields.ts'

describe('the fields that changed', () => {
  it('are those of which the value is another one, at any depth', () => {
    const before = { id: 'a', name: 'x', list: [{ n: 1 }] }
    expect(changedFields(before, { id: 'a', name: 'x', list: [{ n: 2 }] })).toEqual({
      id: 'a',
      list: [{ n: 2 }],
    })
    expect(changedFields(before, { id: 'a', name: 'x', list: [{ n: 1 }] })).toBeNull()
  })

  it('are all of what is new', () => {
    expect(changedFields(undefined, { id: 'a', name: 'x' })).toEqual({ id: 'a', name: 'x' })
  })
})

function session(positionSeconds: number, leadSeconds: number, atMs: number): SessionView {
  return {
    id: 's',
    segments: [],
    player: { positionSeconds, leadSeconds, atMs, isPaused: false },
  } as unknown as SessionView
}

describe('a player', () => {
  it('that plays on is no news', () => {
    const before = session(10, 20, 1_000)
    expect(quietened(before, session(13.1, 16.9, 4_000)).player).toBe(before.player)
  })

  it('that has stood still, gone back or got more to play is', () => {
    const before = session(10, 20, 1_000)
    for (const after of [session(10, 20, 4_000), session(5, 25, 2_000), session(11, 22, 2_000)])
      expect(quietened(before, after).player).toBe(after.player)
  })

  it('that has come to the end of what there is waits there', () => {
    const before = session(10, 2, 1_000)
    expect(quietened(before, session(12, 0, 9_000)).player).toBe(before.player)
    expect(quietened(before, session(12, -6, 9_000)).player).toBe(before.player)
  })

  it('that is paused stands still, and is news when it is not any more', () => {
    const paused = session(10, 20, 1_000)
    Object.assign(paused.player!, { isPaused: true })
    const still = session(10, 20, 9_000)
    Object.assign(still.player!, { isPaused: true })
    expect(quietened(paused, still).player).toBe(paused.player)
    const again = session(10, 20, 9_000)
    expect(quietened(paused, again).player).toBe(again.player)
  })

  it('that has only begun is news, and so is one that is no more', () => {
    const none = { ...session(0, 0, 0), player: null }
    const some = session(0, 3, 1_000)
    expect(quietened(none, some).player).toBe(some.player)
    expect(quietened(some, none).player).toBeNull()
    expect(quietened(undefined, some)).toBe(some)
  })
})
