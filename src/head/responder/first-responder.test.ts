import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeNodeKeys } from '../../cluster/node-credentials.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import { eventually } from '../testing/eventually.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import {
  createFirstResponder,
  type FirstResponder,
  type FirstResponderOptions,
  type ResponderProcess,
} from './first-responder.ts'

const keys = makeNodeKeys()

let folder: string
let fleet: SmallFleet
let nowMs: number
/** Processes that were started, and whether each was asked to stop. */
let started: { stopped: boolean; end(code: number): void }[]
let responder: FirstResponder

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  folder = await mkdtemp(join(tmpdir(), 'paceline-responder-'))
  fleet = new SmallFleet(createLeaseBook(), () => null, [])
  nowMs = 1_000_000
  started = []
})

afterEach(async () => {
  await responder.close()
  vi.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})

function open(more: Partial<FirstResponderOptions> = {}): FirstResponder {
  responder = createFirstResponder({
    mode: 'auto',
    identity: { id: 'r', name: 'first-responder', folder, keys },
    place: async () => ({ head: 'https://127.0.0.1:4', certificate: 'PEM' }),
    ffmpeg: '/opt/paceline/bin/ffmpeg',
    start: () => startProcess(),
    fleet,
    expectsNodes: () => false,
    isKnown: () => true,
    now: () => nowMs,
    log: { info() {}, warn() {} },
    fitness: async () => ({ works: true, mapsTones: true }),
    ...more,
  })
  return responder
}

function startProcess(): ResponderProcess {
  let end: (code: number) => void = () => {}
  const ended = new Promise<number>((resolve) => {
    end = resolve
  })
  const one = { stopped: false, end }
  started.push(one)
  return {
    pid: 1,
    ended,
    async stop() {
      one.stopped = true
      end(0)
    },
  }
}

/** Lets the responder look after itself for so long. */
function pass(milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 1_000) {
    nowMs += 1_000
    vi.advanceTimersByTime(1_000)
  }
}

it('that is called before the head can be reached comes when it can', async () => {
  let reach: () => void = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  open({ place: () => reached.then(() => ({ head: 'https://127.0.0.1:4', certificate: 'PEM' })) })
  responder.call()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([started.length, responder.state()]).toEqual([0, 'starting'])
  reach()
  await eventually(() => started.length === 1)
})

describe('which jobs it takes', () => {
  it('takes what comes while nodes are expected', async () => {
    expect(await open({ expectsNodes: () => true }).takes({ hasToneMap: false })).toBe(true)
  })

  it('leaves to the original what no node will ever make', async () => {
    expect(await open().takes({ hasToneMap: false })).toBe(false)
  })

  it('takes a tone map where it has our filter, and leaves it where it has not', async () => {
    expect(await open().takes({ hasToneMap: true })).toBe(true)
    await responder.close()
    const plain = open({ fitness: async () => ({ works: true, mapsTones: false }) })
    expect(await plain.takes({ hasToneMap: true })).toBe(false)
  })

  it('takes everything when it is told to', async () => {
    expect(await open({ mode: 'always' }).takes({ hasToneMap: false })).toBe(true)
  })

  it('asks an ffmpeg that was not fit again after a while, and one that was never again', async () => {
    let asked = 0
    let works = false
    const fitness = async () => {
      asked += 1
      return { works, mapsTones: false }
    }
    const takes = () => responder.takes({ hasToneMap: false })
    open({ expectsNodes: () => true, fitness })
    expect(await takes()).toBe(false)
    works = true
    pass(29_000)
    expect([await takes(), asked]).toEqual([false, 1])
    pass(1_000)
    expect([await takes(), asked]).toEqual([true, 2])
    pass(60_000)
    expect([await takes(), asked]).toEqual([true, 2])
  })

  it.each<[string, Partial<FirstResponderOptions>]>([
    ['is off', { mode: 'off' }],
    ['has no credentials', { identity: null }],
    ['was removed', { isKnown: () => false }],
    ['has no ffmpeg that works', { fitness: async () => ({ works: false, mapsTones: false }) }],
  ])('takes nothing when it %s', async (_, more) => {
    const taken = await open({ expectsNodes: () => true, ...more }).takes({ hasToneMap: true })
    expect(taken).toBe(false)
  })
})

describe('its process', () => {
  it('is started when somebody calls, once, and knows then where its head is', async () => {
    expect(open().state()).toBe('resting')
    expect(responder.isComing()).toBe(false)
    responder.call()
    responder.call()
    await eventually(() => started.length > 0)
    expect(started).toHaveLength(1)
    expect(responder.state()).toBe('starting')
    expect(responder.isComing()).toBe(true)
    const kept = JSON.parse(await readFile(join(folder, 'node', 'node.json'), 'utf8')) as object
    expect(kept).toMatchObject({
      keys: { seed: keys.seed },
      joined: { id: 'r', name: 'first-responder', head: 'https://127.0.0.1:4', certificate: 'PEM' },
    })
    fleet.add('r')
    expect(responder.state()).toBe('ready')
    expect(responder.isComing()).toBe(false)
  })

  it('does not count as coming for ever', async () => {
    open().call()
    await eventually(() => started.length > 0)
    nowMs += 16_000
    expect(responder.isComing()).toBe(false)
  })

  it('goes when nobody has needed it for some minutes, and comes again', async () => {
    open().call()
    await eventually(() => started.length > 0)
    fleet.add('r')
    pass(4 * 60_000)
    responder.call()
    pass(4 * 60_000)
    expect(started[0]!.stopped).toBe(false)
    pass(2 * 60_000)
    await eventually(() => started[0]!.stopped)
    fleet.lose('r')
    expect(responder.state()).toBe('resting')
    responder.call()
    await eventually(() => started.length === 2)
  })

  it('stays while it has leases, however long that is', async () => {
    open().call()
    await eventually(() => started.length > 0)
    fleet.add('r')
    const node = fleet.node('r')!
    const working = {
      ...node,
      beat: { ...node.beat, leases: [{ attempt: 'a', next: 1, frames: 1, speed: 1 }] },
    }
    vi.spyOn(fleet, 'node').mockReturnValue(working)
    pass(20 * 60_000)
    expect(started[0]!.stopped).toBe(false)
  })

  it('is given up for a while when it ends by itself, and then tried again', async () => {
    open({ expectsNodes: () => true }).call()
    await eventually(() => started.length > 0)
    started[0]!.end(5)
    await eventually(() => responder.state() === 'failed')
    expect(await responder.takes({ hasToneMap: false })).toBe(false)
    responder.call()
    expect(responder.isComing()).toBe(false)
    nowMs += 31_000
    expect(await responder.takes({ hasToneMap: false })).toBe(true)
    responder.call()
    await eventually(() => started.length === 2)
  })

  it('is given up when its folder cannot be written', async () => {
    await writeFile(join(folder, 'no-folder'), '')
    open({ identity: { id: 'r', name: 'r', folder: join(folder, 'no-folder'), keys } }).call()
    await eventually(() => responder.state() === 'failed')
    expect(started).toEqual([])
  })

  it('ends with the head', async () => {
    open().call()
    await eventually(() => started.length > 0)
    await responder.close()
    expect(started[0]!.stopped).toBe(true)
    expect(responder.state()).toBe('off')
    responder.call()
    expect(started).toHaveLength(1)
  })
})
