import { beforeEach, describe, expect, it } from 'vitest'
import { createLeaseBook } from '../data/lease-book.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { createDrain, type Drain } from './drain.ts'

let drained: Set<string>
let fleet: SmallFleet
let leases: Map<string, number>
let changes: number
let drain: Drain

const known = [
  { id: 'n1', name: 'loft' },
  { id: 'n2', name: 'cellar' },
  { id: 'n3', name: 'attic' },
]

beforeEach(() => {
  drained = new Set()
  leases = new Map()
  changes = 0
  fleet = new SmallFleet(createLeaseBook(), () => null, [])
  for (const id of ['n1', 'n2']) arrive(id)
  drain = createDrain({
    drained: {
      has: (name) => drained.has(name),
      async set(name, on) {
        if (on) drained.add(name)
        else drained.delete(name)
        const { id = '' } = known.find((each) => each.name === name) ?? {}
        if (fleet.node(id)) arrive(id)
      },
    },
    fleet,
    known: () => known,
    leasesOf: (id) => leases.get(id) ?? 0,
    onChange: () => void changes++,
  })
})

/** As the real fleet shows a node. */
function arrive(id: string): void {
  const { name = '' } = known.find((each) => each.id === id) ?? {}
  fleet.add(id, drained.has(name) ? { draining: true } : {})
}

describe('draining a node', () => {
  it('by name or id ends with the last of its leases', async () => {
    leases.set('n1', 2)
    expect(await drain.drain('loft', false)).toEqual({ id: 'n1', name: 'loft', state: 'draining' })
    expect([changes, [...drained]]).toEqual([1, ['loft']])
    leases.set('n1', 0)
    expect(drain.stateOf('n1')).toBe('drained')
    expect(await drain.drain('n1', false)).toMatchObject({ state: 'drained' })
    expect(drain.stateOf('n2')).toBeNull()
  })

  it('is not over while the node itself says that it does something', async () => {
    const { beat } = fleet.node('n1')!
    const lease = { attempt: 's', next: 0, frames: 0, speed: 0 }
    fleet.add('n1', { draining: true, beat: { ...beat, leases: [lease] } })
    expect(drain.stateOf('n1')).toBe('draining')
  })

  it('is undone by letting it work again', async () => {
    await drain.drain('loft', false)
    expect(await drain.resume('loft')).toEqual({ id: 'n1', name: 'loft', state: null })
    expect([changes, [...drained]]).toEqual([2, []])
  })

  it('may be done to one that is away, and is over at once', async () => {
    expect(await drain.drain('attic', false)).toEqual({ id: 'n3', name: 'attic', state: 'drained' })
    expect(drain.stateOf('n3')).toBe('drained')
  })

  it('that nobody knows is an error, and so is resuming it', async () => {
    await expect(drain.drain('shed', true)).rejects.toMatchObject({ code: 'E_NODE_NAME' })
    await expect(drain.resume('shed')).rejects.toMatchObject({ code: 'E_NODE_NAME' })
    expect(changes).toBe(0)
  })
})

describe('the last node that can work', () => {
  it('is drained only by force', async () => {
    await drain.drain('cellar', false)
    await expect(drain.drain('loft', false)).rejects.toMatchObject({ code: 'E_LAST_NODE', where: 'loft' })
    expect(drained.has('loft')).toBe(false)
    expect(await drain.drain('loft', true)).toMatchObject({ state: 'drained' })
  })

  it('is not one that cannot work anyway, nor one that is away', async () => {
    fleet.add('n1', { platforms: ['of-the-future'] })
    await expect(drain.drain('cellar', false)).rejects.toMatchObject({ code: 'E_LAST_NODE' })
    expect(await drain.drain('loft', false)).toMatchObject({ id: 'n1' })
    expect(await drain.drain('attic', false)).toMatchObject({ id: 'n3' })
  })

  it('is no last one when nobody can work', async () => {
    await drain.drain('loft', false)
    await drain.drain('cellar', true)
    expect(await drain.drain('loft', false)).toMatchObject({ state: 'drained' })
  })
})
