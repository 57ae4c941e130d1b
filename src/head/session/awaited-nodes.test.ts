import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FleetNode } from '../fleet.ts'
import { type AwaitedNodes, awaitNodes } from './awaited-nodes.ts'

const lease = (attempt: string, node: string) => ({
  ...{ attempt, node, from: 0, to: 9, until: 9, cut: false },
})

/** Nodes that are back, with the leases that they know of. */
let there: Map<string, readonly string[]>
let told: string[]

beforeEach(() => {
  vi.useFakeTimers()
  there = new Map()
  told = []
})
afterEach(() => vi.useRealTimers())

function wait(...leases: ReturnType<typeof lease>[]): AwaitedNodes {
  return awaitNodes({
    session: {
      crew: () => [{ name: 'video', bound: null, wholeThoughShort: [], leases }],
      nodeLost: (node) => void told.push(`lost ${node}`),
      leaseGone: (attempt) => void told.push(`gone ${attempt}`),
    },
    fleet: {
      node(id) {
        const attempts = there.get(id)
        return (
          attempts && ({ beat: { leases: attempts.map((attempt) => ({ attempt })) } } as unknown as FleetNode)
        )
      },
    },
    onPatienceOver: () => told.push('over'),
    patienceMs: 1_000,
  })
}

describe('nodes that worked for a session that another head began', () => {
  it('are waited for until all are back', () => {
    const awaited = wait(lease('a', 'one'), lease('b', 'two'))
    there.set('one', ['a'])
    expect(awaited.isWaiting()).toBe(true)
    there.set('two', ['b'])
    expect(awaited.isWaiting()).toBe(false)
    expect(told).toEqual([])
  })

  it('are lost to it when their time is up', () => {
    const awaited = wait(lease('a', 'one'), lease('b', 'two'))
    there.set('one', ['a'])
    vi.advanceTimersByTime(1_000)
    expect(told).toEqual(['over'])
    expect(awaited.isWaiting()).toBe(false)
    expect(told).toEqual(['over', 'lost two'])
  })

  it('may have forgotten a lease: it is made again at once', () => {
    const awaited = wait(lease('a', 'one'), lease('b', 'one'))
    there.set('one', ['b'])
    expect(awaited.isWaiting()).toBe(false)
    expect(told).toEqual(['gone a'])
  })

  it('are told of once', () => {
    const awaited = wait(lease('a', 'one'))
    there.set('one', [])
    awaited.isWaiting()
    awaited.isWaiting()
    vi.advanceTimersByTime(5_000)
    expect(told).toEqual(['gone a'])
  })

  it('are none where no lease ran', () => {
    expect(wait().isWaiting()).toBe(false)
    vi.advanceTimersByTime(5_000)
    expect(told).toEqual([])
  })

  it('are nobody’s any more when the session ends first', () => {
    const awaited = wait(lease('a', 'one'))
    awaited.stop()
    vi.advanceTimersByTime(5_000)
    expect(awaited.isWaiting()).toBe(false)
    expect(told).toEqual([])
  })
})
