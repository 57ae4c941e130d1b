import { beforeEach, describe, expect, it } from 'vitest'
import { type ErrorCode, PacelineError } from '../errors.ts'
import { connectPatiently } from './connect-patiently.ts'

let warnings: string[]
let pausesMs: number[]
let stop: AbortController

beforeEach(() => {
  warnings = []
  pausesMs = []
  stop = new AbortController()
})

const log = { warn: (message: string) => void warnings.push(message) }

/** Meets these errors, one after the other, and then is in. */
function connects(...failures: readonly (ErrorCode | Error)[]) {
  let tries = 0
  const connect = async () => {
    const failure = failures[tries++]
    if (failure === undefined) return tries
    throw failure instanceof Error ? failure : new PacelineError(failure, 'head')
  }
  const wait = async (ms: number) => {
    pausesMs.push(ms)
    return true
  }
  return connectPatiently(connect, log, stop.signal, wait)
}

describe('a node that connects', () => {
  it('does not believe at once that it was removed, and asks again seconds later', async () => {
    expect(await connects('E_NODE_REMOVED', 'E_NODE_REMOVED')).toBe(3)
    expect(pausesMs).toEqual([3_000, 3_000])
    expect(warnings).toEqual(['the head does not let this node in'])
  })

  it('believes it the third time running', async () => {
    const removed = ['E_NODE_REMOVED', 'E_NODE_REMOVED', 'E_NODE_REMOVED'] as const
    await expect(connects(...removed)).rejects.toMatchObject({ code: 'E_NODE_REMOVED' })
    expect(pausesMs).toHaveLength(2)
  })

  it('counts anew when the head was gone in between', async () => {
    const [removed, gone] = ['E_NODE_REMOVED', 'E_NATS_CONNECT'] as const
    expect(await connects(removed, removed, gone, removed, removed)).toBe(6)
  })

  it('waits for a head that is not there as long as it takes, and says so once', async () => {
    expect(await connects(...Array<ErrorCode>(20).fill('E_NATS_CONNECT'))).toBe(21)
    expect(warnings).toEqual(['the head is not there yet'])
    expect(Math.max(...pausesMs)).toBeLessThanOrEqual(5_000)
  })

  it('does not try again after a fault of its own, nor when it is to end', async () => {
    await expect(connects(new TypeError('broken'))).rejects.toThrow('broken')
    stop.abort()
    expect(await connects()).toBeUndefined()
    expect(pausesMs).toEqual([])
  })
})
