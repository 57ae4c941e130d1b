import { beforeEach, describe, expect, it } from 'vitest'
import { platforms } from '../../platforms/all.ts'
import type { PowerShare } from '../power/power-desk.ts'
import type { Worker } from './room.ts'
import { createShareOut, type SharingEntry } from './share-out.ts'

const software = platforms.filter(({ name }) => name === 'software')

let workers: Worker[]
let share: PowerShare | null
let calls: number
let given: Map<string, readonly string[]>
/** What each session was told of its shares, in the order of its nodes. */
let told: Map<string, readonly (number | undefined)[]>
let entries: Map<string, SharingEntry>

function worker(id: string, more: Partial<Worker> = {}): Worker {
  const beat = { health: { load: 1 } }
  return {
    id,
    name: id,
    cores: 4,
    platforms: ['software'],
    version: '0',
    capacity: 4,
    beat,
    ...more,
  } as Worker
}

function play(id: string, leadSeconds: number, more: Partial<SharingEntry> = {}): void {
  const session = {
    ...{ id, isThrottled: false, leadSeconds: () => leadSeconds },
    get nodeIds() {
      return given.get(id) ?? []
    },
    setNodes: (nodes: readonly { readonly id: string; readonly share?: number }[]) => {
      given.set(
        id,
        nodes.map((node) => node.id),
      )
      told.set(
        id,
        nodes.map((node) => node.share),
      )
    },
  }
  entries.set(id, {
    ...{ session, mode: 'stream', demand: 1, awaited: null, trust: undefined },
    ...{ platforms: () => software, wayOf: () => null, ...more },
  } as SharingEntry)
}

const sharing = () =>
  createShareOut({
    ...{ workers: () => workers, entries, isAnyKeptOff: () => false, power: () => share },
    fleet: { nodes: () => workers },
    responder: {
      call: () => {
        calls += 1
      },
    },
  })

/** These may work, and these sessions are the first responder's. */
const says = (
  working: readonly string[],
  bridged: readonly string[] = [],
  joulesPerWork: Readonly<Record<string, number>> = {},
): PowerShare => ({
  mayWork: (node) => working.includes(node),
  bridged: new Set(bridged),
  joulesPerWork: new Map(Object.entries(joulesPerWork)),
})

beforeEach(() => {
  workers = [worker('a'), worker('b'), worker('r', { firstResponder: true, slots: 2 })]
  share = null
  calls = 0
  given = new Map()
  told = new Map()
  entries = new Map()
})

describe('nodes are shared out', () => {
  it('to all that are there, where power has no word in it', () => {
    play('s', 0)
    sharing().shareOut()
    expect(given.get('s')).toEqual(['a', 'b'])
  })

  it('among those that power lets work', () => {
    play('s', 0)
    share = says(['b'])
    sharing().shareOut()
    expect(given.get('s')).toEqual(['b'])
  })

  it('to the first responder alone for a stream that is bridged, though others are there', () => {
    play('s', 0)
    play('t', 0)
    share = says(['a'], ['s'])
    sharing().shareOut()
    expect([given.get('s'), given.get('t')]).toEqual([['r'], ['a']])
    expect(calls).toBe(0)
  })

  it('as usual for a stream that is to be bridged while the first responder is still on its way', () => {
    workers = [worker('a')]
    play('s', 0)
    share = says(['a'], ['s'])
    sharing().shareOut()
    expect(given.get('s')).toEqual(['a'])
    expect(calls).toBe(0)
  })

  it('and the first responder is called where there is nobody else for a stream that is bridged', () => {
    workers = [worker('a')]
    play('s', 0)
    share = says([], ['s'])
    sharing().shareOut()
    expect(given.get('s')).toEqual([])
    expect(calls).toBe(1)
  })

  it('but dear ones, where cheap ones do for a stream with much in hand', () => {
    play('s', 60, { demand: 6 })
    share = says(['a', 'b'], [], { a: 13, b: 8 })
    sharing().shareOut()
    expect(given.get('s')).toEqual(['b'])
    share = says(['a', 'b'], [], { a: 8 })
    sharing().shareOut()
    expect(given.get('s')).toEqual(['a', 'b'])
  })

  it('to nobody for a stream with enough in hand until its node has woken', () => {
    play('s', 30)
    share = says([])
    sharing().shareOut()
    expect(given.get('s')).toEqual([])
    expect(calls).toBe(0)
    share = says(['b'])
    sharing().shareOut()
    expect(given.get('s')).toEqual(['b'])
  })

  it('to the first responder for a stream with little in hand that power has forgotten', () => {
    play('s', 2)
    share = says([])
    sharing().shareOut()
    expect(given.get('s')).toEqual(['r'])
  })

  it('with word of what each session has of a node that it shares', () => {
    workers = [worker('a')]
    play('s', 5)
    play('t', 5)
    sharing().shareOut()
    expect([...told.values()]).toEqual([[0.5], [0.5]])
    entries.delete('t')
    sharing().shareOut()
    expect(told.get('s')).toEqual([1])
  })

  it('to one that begins where nothing runs, by the load that nodes tell of', () => {
    const beatOf = (load: number) => ({ beat: { health: { load } } }) as Partial<Worker>
    const beginsOn = (loads: readonly [number, number]) => {
      workers = [worker('a', beatOf(loads[0])), worker('b', beatOf(loads[1]))]
      given = new Map([
        ['s', ['a']],
        ['t', ['b']],
      ])
      sharing().shareOut()
      return given.get('new')
    }
    play('s', 50)
    play('t', 50)
    play('new', 0)
    expect(beginsOn([0.9, 0.02])).toEqual(['b'])
    expect(beginsOn([0.02, 0.9])).toEqual(['a'])
  })
})
