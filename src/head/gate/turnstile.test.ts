import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { createTurnstile, type Turnstile } from './turnstile.ts'

let turnstile: Turnstile
let told: string[]

beforeEach(() => {
  turnstile = createTurnstile()
  told = []
})

/** Something that goes on until it is told to end. */
function lasting(name: string): { run: () => Promise<void>; end: (error?: Error) => void } {
  let end: (error?: Error) => void = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve())
  })
  return {
    run: async () => {
      told.push(`${name} begins`)
      await ended
      told.push(`${name} ends`)
    },
    end: (error) => end(error),
  }
}

describe('a turnstile', () => {
  it('lets several in at a time', () => {
    turnstile.enter(lasting('one').run)
    turnstile.enter(lasting('two').run)
    expect(told).toEqual(['one begins', 'two begins'])
  })

  it('waits with a change for those who are entering, and with those who come for the change', async () => {
    const [one, two, change] = [lasting('one'), lasting('two'), lasting('change')]
    turnstile.enter(one.run)
    const changed = turnstile.hold(change.run)
    turnstile.enter(two.run)
    await turn()
    expect(told).toEqual(['one begins'])
    one.end()
    await turn()
    expect(told.slice(1)).toEqual(['one ends', 'change begins'])
    change.end()
    await changed
    await turn()
    expect(told.slice(3)).toEqual(['change ends', 'two begins'])
  })

  it('makes changes one after the other and lets nobody in between', async () => {
    const [one, first, second] = [lasting('one'), lasting('first'), lasting('second')]
    const changes = [turnstile.hold(first.run), turnstile.hold(second.run)]
    turnstile.enter(one.run)
    await turn()
    first.end()
    await turn()
    expect(told).toEqual(['first begins', 'first ends', 'second begins'])
    second.end()
    await Promise.all(changes)
    await turn()
    expect(told.at(-1)).toBe('one begins')
  })

  it('opens again after a change that failed, and tells whoever wanted it', async () => {
    const change = lasting('change')
    const changed = turnstile.hold(change.run)
    turnstile.enter(lasting('one').run)
    change.end(new Error('refused'))
    await expect(changed).rejects.toThrow('refused')
    await turn()
    expect(told).toEqual(['change begins', 'one begins'])
  })
})
