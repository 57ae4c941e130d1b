import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { kindOfWork } from '../../placement/kind-of-work.ts'
import { Session } from '../../session/session.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import { noBytes } from '../files/testing/path-bytes.ts'
import { eventually } from '../testing/eventually.ts'
import { RecordingOutput } from '../testing/recording-output.ts'
import { sampleFilm } from '../testing/sample-film.ts'
import { type MakeSegment, SmallFleet } from '../testing/small-fleet.ts'
import { createTrustKeeper, type TrustKeeper } from '../trust/trust-keeper.ts'
import type { LiveSession } from './live-session.ts'
import { createSessionHall, type SessionHall } from './session-hall.ts'

const film = sampleFilm(300, 563)
const never = () => new Promise(() => {})

let folder: string
let fleet: SmallFleet
/** How often the first responder was called, and whether it is on its way. */
let responder: { calls: number; coming: boolean }
let hall: SessionHall
let trust: TrustKeeper
let make: MakeSegment
/** What was written down: sessions by id, leases by attempt. */
let record: { sessions: Map<string, object>; leases: Map<string, object>; lines: string[] }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-hall-'))
  const leases = createLeaseBook()
  make = (part, segment) => film.segment(part, segment)
  fleet = new SmallFleet(leases, (part, segment, node) => make(part, segment, node), ['a', 'b', 'c'])
  responder = { calls: 0, coming: false }
  record = { sessions: new Map(), leases: new Map(), lines: [] }
  trust = createTrustKeeper({
    ...{ fleet, now: () => performance.now(), log: pino({ level: 'silent' }) },
    onChange: () => hall.shareOut(),
  })
  hall = createSessionHall({
    ...{ fleet, leases, stagingFolder: join(folder, 'staging'), now: () => performance.now() },
    log: pino({ level: 'silent' }),
    responder: {
      call() {
        responder.calls += 1
      },
      isComing: () => responder.coming,
    },
    ...{ release: '0.0.0', clock: { boot: 'b', seconds: () => performance.now() / 1000 } },
    trust,
    record: {
      session(id, state) {
        record.lines.push(`session ${state ? 'put' : 'removed'}`)
        if (state) record.sessions.set(id, state)
        else record.sessions.delete(id)
      },
      lease(lease, session, ended) {
        if (ended) record.leases.delete(lease.attempt)
        else record.leases.set(lease.attempt, { session, part: lease.part, node: lease.node })
      },
    },
  })
  fleet.onReport = (report) => hall.leaseEnded(report)
})

afterEach(async () => {
  trust.close()
  await hall.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(title = 'film.mkv', output = new RecordingOutput()): Promise<LiveSession> {
  const input = { path: '/media/film.mkv', size: 1_000, identity: 'i', edges: 'e', bytes: noBytes }
  return hall.start({ plan: film.plan, mode: 'file', inputs: [input], output, title })
}

describe('a session in the hall', () => {
  it('runs with the nodes that are there, and its entry goes when it ends', async () => {
    const session = await start()
    expect(hall.running().map(({ title, session: { id } }) => [title, id])).toEqual([
      ['film.mkv', session.id],
    ])
    expect(session.nodeIds.toSorted()).toEqual(['a', 'b', 'c'])
    expect(await session.ended).toEqual({ how: 'finished' })
    await eventually(() => hall.running().length === 0)
  })

  it('hears of its nodes when they are others, and only then', async () => {
    const handle = vi.spyOn(Session.prototype, 'handle')
    const heard = () => handle.mock.calls.filter(([{ type }]) => type === 'nodes-changed').length
    try {
      await start()
      const before = heard()
      hall.shareOut()
      hall.shareOut()
      expect(heard()).toBe(before)
      // Lost for a moment: the session has struck it out, though it is there again when nodes are shared out.
      hall.nodeLost('b')
      hall.shareOut()
      expect(heard()).toBe(before + 1)
      // It failed at sound in two other sessions, which changes nothing else of it.
      for (const session of ['s-1', 's-2']) {
        const work = kindOfWork(film.plan, 'audio', 'software')
        trust.failed({ node: 'b', part: 'audio', session, segment: 0, reason: 'noise', work })
        trust.made({ node: 'c', part: 'audio', session, segment: 0 })
      }
      hall.shareOut()
      expect(heard()).toBe(before + 2)
    } finally {
      handle.mockRestore()
    }
  })

  it('is remembered when it has ended, with what each node made', async () => {
    const session = await start()
    await session.ended
    await eventually(() => hall.recent().length === 1)
    const [entry] = hall.recent()
    expect(entry).toMatchObject({ id: session.id, title: 'film.mkv', tally: { frames: 300 } })
    expect(entry!.ranMs).toBeGreaterThan(0)
  })

  it('is forgotten when twenty others have ended after it', async () => {
    fleet.gate = never
    for (let n = 0; n < 22; n++) {
      const session = await start(`film ${n}`)
      session.kill()
      await session.ended
    }
    await eventually(() => hall.running().length === 0)
    expect(hall.recent().map(({ title }) => title)).toEqual(
      Array.from({ length: 20 }, (_, index) => `film ${index + 2}`),
    )
  })

  it('has an identity that no other start of the head gives', async () => {
    const other = createSessionHall({
      ...{ fleet, leases: createLeaseBook(), stagingFolder: join(folder, 'other'), now: () => 0 },
      log: pino({ level: 'silent' }),
      ...{ release: '0.0.0', clock: { boot: 'b', seconds: () => 0 } },
      record: { session: () => {}, lease: () => {} },
    })
    const sessions = [await start(), await other.start({ ...order(), title: 'b' }), await start()]
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(3)
    await other.close()
  })

  it('leaves no folder behind', async () => {
    const session = await start()
    await session.ended
    expect(await readdir(join(folder, 'staging'))).toEqual([])
  })
})

function order() {
  const input = { path: '/media/film.mkv', size: 1_000, identity: 'i', edges: 'e', bytes: noBytes }
  return { plan: film.plan, mode: 'file', inputs: [input], output: new RecordingOutput() } as const
}

describe('sharing out', () => {
  it('divides the nodes between sessions, and gives them back when one ends', async () => {
    fleet.gate = never
    const [first, second] = [await start('one'), await start('two')]
    expect([first.nodeIds.length, second.nodeIds.length].toSorted()).toEqual([1, 2])
    const all = [...first.nodeIds, ...second.nodeIds]
    expect(new Set(all).size).toBe(3)
    first.kill()
    await eventually(() => second.nodeIds.length === 3)
  })

  it('gives a node that joined to the session that waits for one', async () => {
    for (const id of ['a', 'b', 'c']) fleet.lose(id)
    const session = await start()
    expect(session.nodeIds).toEqual([])
    fleet.add('d')
    hall.shareOut()
    expect(session.nodeIds).toEqual(['d'])
    expect(await session.ended).toEqual({ how: 'finished' })
    expect([...session.tally.segmentsByNode.keys()]).toEqual(['name of d'])
  })

  it('leaves a stream to the original that gets no seat in five seconds, since its player waits', async () => {
    for (const id of ['b', 'c']) fleet.lose(id)
    fleet.gate = never
    let last: LiveSession
    do last = await hall.start({ ...order(), mode: 'stream', title: 'one of many' })
    while (last.nodeIds.length > 0)
    expect(await last.ended).toEqual({ how: 'failed', reason: 'no node is left' })
    expect(hall.running().length).toBeGreaterThan(0)
  }, 15_000)

  it('takes a lost node from every session, which then goes on with the others', async () => {
    fleet.gate = (node) => (node === 'c' ? never() : Promise.resolve())
    const session = await start()
    fleet.lose('c')
    hall.nodeLost('c')
    hall.shareOut()
    expect(session.nodeIds).not.toContain('c')
    expect(await session.ended).toEqual({ how: 'finished' })
  })
})

describe('what nodes report', () => {
  it('reaches the session of the lease, and says how fast the node is', async () => {
    const [first, second] = await Promise.all([start('one'), start('two')])
    expect(await Promise.all([first.ended, second.ended])).toEqual([{ how: 'finished' }, { how: 'finished' }])
    expect(fleet.observed.length).toBeGreaterThan(0)
    for (const { speed } of fleet.observed) expect(speed).toBeGreaterThan(0)
  })

  it('about a lease that nobody knows is of no consequence', async () => {
    fleet.gate = never
    const session = await start()
    const report = { type: 'ended', node: 'a', attempt: 'old-0', outcome: 'failed' } as const
    hall.leaseEnded({ ...report, next: 0, exitCode: 1, stderr: '' })
    expect(hall.running().length).toBe(1)
    expect(session.tally.publishedSegments).toBe(0)
  })

  it('of how far a lease is reaches its session, and is believed of the node only that has the lease', async () => {
    fleet.gate = never
    const [first, second] = await Promise.all([start('one'), start('two')])
    const told: string[] = []
    for (const session of [first, second]) {
      session.progress = (attempt, seconds) => void told.push(`${session.id} ${attempt} ${seconds}`)
    }
    const { node, order } = fleet.orders.find(({ order: { type } }) => type === 'grant')!
    const progress = [{ attempt: order.attempt, next: 0, frames: 50, speed: 1 }]
    hall.progress(node === 'a' ? 'b' : 'a', progress)
    expect(told).toEqual([])
    hall.progress(node, progress)
    expect(told).toEqual([`${order.attempt.replace(/-\d+$/, '')} ${order.attempt} 2`])
  })

  it('about a lease that made nothing says nothing of speed', async () => {
    fleet.gate = never
    await start()
    const grant = fleet.orders.find(({ order: { type } }) => type === 'grant')!
    const { attempt } = grant.order
    hall.leaseEnded({
      ...{ type: 'ended', node: grant.node, attempt, outcome: 'stopped' },
      ...{ next: 0, exitCode: null, stderr: '' },
    })
    expect(fleet.observed).toEqual([])
  })
})

describe('the record', () => {
  it('holds sessions and leases while they run, and nothing after', async () => {
    const session = await start()
    expect([...record.sessions]).toEqual([[session.id, { title: 'film.mkv', firstSegment: 0 }]])
    expect(record.leases.size).toBeGreaterThan(0)
    for (const lease of record.leases.values()) expect(lease).toMatchObject({ session: session.id })
    await session.ended
    await eventually(() => record.sessions.size === 0)
    expect(record.leases.size).toBe(0)
  })

  it('is written again when it was lost', async () => {
    fleet.gate = never
    const session = await start()
    await eventually(() => record.leases.size > 0)
    const before = new Map(record.leases)
    record.sessions.clear()
    record.leases.clear()
    hall.recordAgain()
    expect([...record.sessions.keys()]).toEqual([session.id])
    expect(record.leases).toEqual(before)
  })
})

describe('closing the hall', () => {
  it('kills every session and waits until nothing of them is left', async () => {
    fleet.gate = never
    const sessions = [await start('one'), await start('two')]
    await hall.close()
    for (const session of sessions) expect(await session.ended).toEqual({ how: 'killed' })
    expect(existsSync(join(folder, 'staging'))).toBe(false)
    expect(record.leases.size).toBe(0)
  })
})

describe('the first responder', () => {
  it('is not called while other nodes do', async () => {
    const session = await start()
    await session.ended
    expect(responder.calls).toBe(0)
  })

  it('is called when the last node has gone, and takes over', async () => {
    fleet.gate = (node) => (node === 'r' ? Promise.resolve() : never())
    const session = await start()
    for (const id of ['a', 'b', 'c']) {
      fleet.lose(id)
      hall.nodeLost(id)
      hall.shareOut()
    }
    expect(responder.calls).toBe(1)
    fleet.add('r', { firstResponder: true })
    hall.shareOut()
    expect(session.nodeIds).toEqual(['r'])
    expect(await session.ended).toEqual({ how: 'finished' })
  })

  it('gives a session back to a node that comes', async () => {
    for (const id of ['a', 'b', 'c']) fleet.lose(id)
    fleet.add('r', { firstResponder: true })
    fleet.gate = (node, _, segment) => (node === 'r' && segment > 1 ? never() : Promise.resolve())
    const session = await start()
    expect(session.nodeIds).toEqual(['r'])
    await eventually(() => session.tally.arrivals.length > 0)
    fleet.add('d')
    hall.shareOut()
    expect(session.nodeIds).toEqual(['d'])
    expect(fleet.orders.some(({ node, order: { type } }) => node === 'r' && type === 'cut')).toBe(true)
  })

  it('has half of its machine for sessions', async () => {
    for (const id of ['a', 'b', 'c']) fleet.lose(id)
    fleet.add('r', { firstResponder: true, cores: 4 })
    fleet.gate = never
    const sessions = [await start('one'), await start('two'), await start('three')]
    expect(sessions.map(({ nodeIds }) => nodeIds)).toEqual([['r'], ['r'], []])
  })
})

describe('trust', () => {
  const broken = new Error('the driver is gone')

  it('is lost over several sessions, and then the node gets no such work any more', async () => {
    make = (part, segment, node) => (node === 'a' && part === 'video' ? broken : film.segment(part, segment))
    for (let round = 0; round < 2; round += 1) {
      expect(trust.anyKeptOff).toBe(false)
      expect(await (await start()).ended).toEqual({ how: 'finished' })
    }
    expect(trust.keptOff('a')).toMatchObject([
      { work: 'software: any source to h264', reason: 'the driver is gone' },
    ])
    expect([trust.keptOff('b'), trust.keptOff('c')]).toEqual([[], []])
    const before = fleet.orders.length
    const session = await start()
    expect(session.nodeIds.toSorted()).toEqual(['b', 'c'])
    expect(await session.ended).toEqual({ how: 'finished' })
    expect(fleet.orders.slice(before).map(({ node }) => node)).not.toContain('a')
  })

  it('is not lost when all nodes fail', async () => {
    make = () => broken
    for (let round = 0; round < 3; round += 1) {
      expect(await (await start()).ended).toMatchObject({ how: 'failed' })
    }
    expect(trust.anyKeptOff).toBe(false)
  })

  it('lost for sound leaves the pictures to the node, and the sound to others', async () => {
    make = (part, segment, node) => (node === 'a' && part === 'audio' ? broken : film.segment(part, segment))
    for (const segment of [1, 2]) {
      const work = 'software: sound to aac'
      trust.failed({ node: 'a', work, session: 'x', part: 'audio', segment, reason: 'the driver is gone' })
      trust.made({ node: 'b', session: 'x', part: 'audio', segment })
    }
    const session = await start()
    expect(session.nodeIds.toSorted()).toEqual(['a', 'b', 'c'])
    expect(await session.ended).toEqual({ how: 'finished' })
    const grants = fleet.orders.flatMap(({ node, order }) =>
      order.type === 'grant' ? [`${order.part} ${node}`] : [],
    )
    expect(grants).not.toContain('audio a')
    expect(grants).toContain('video a')
  })
})
