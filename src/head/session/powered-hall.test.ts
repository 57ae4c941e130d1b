import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PowerSession } from '../../placement/power/power-view.ts'
import { createLeaseBook } from '../data/lease-book.ts'
import { noBytes } from '../files/testing/path-bytes.ts'
import type { PowerShare } from '../power/power-desk.ts'
import { eventually } from '../testing/eventually.ts'
import { RecordingOutput } from '../testing/recording-output.ts'
import { sampleFilm } from '../testing/sample-film.ts'
import { SmallFleet } from '../testing/small-fleet.ts'
import { createSessionHall, type SessionHall } from './session-hall.ts'

const film = sampleFilm(300, 563)

let folder: string
let fleet: SmallFleet
let hall: SessionHall
/** What power was asked, oldest first, and what it heard. */
let asked: (readonly PowerSession[])[]
let heard: (string | number)[]
let working: readonly string[]
let comingSeconds: number | null
/** Milliseconds by which the hall's clock is ahead. */
let aheadMs: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-powered-'))
  const leases = createLeaseBook()
  fleet = new SmallFleet(leases, (part, segment) => film.segment(part, segment), ['a', 'b'])
  fleet.gate = () => new Promise(() => {})
  asked = []
  heard = []
  working = ['a']
  comingSeconds = null
  aheadMs = 0
  hall = createSessionHall({
    ...{ fleet, leases, stagingFolder: folder, now: () => performance.now() + aheadMs },
    ...{ release: '0.0.0', clock: { boot: 'b', seconds: () => 0 }, log: pino({ level: 'silent' }) },
    record: { session: () => {}, lease: () => {} },
    power: {
      isActive: true,
      decide(sessions): PowerShare {
        asked.push(sessions)
        return { mayWork: (node) => working.includes(node), bridged: new Set(), joulesPerWork: new Map() }
      },
      admissible: () => null,
      sessionBegan: () => void heard.push('began'),
      sessionEnded: (seconds) => void heard.push(Math.round(seconds)),
      comingSeconds: () => comingSeconds,
    },
  })
})

afterEach(async () => {
  await hall.close()
  await rm(folder, { recursive: true, force: true })
})

function start(mode: 'stream' | 'file') {
  const input = { path: '/media/film.mkv', size: 1_000, identity: 'i', edges: 'e', bytes: noBytes }
  return hall.start({ plan: film.plan, mode, inputs: [input], output: new RecordingOutput(), title: 'film' })
}

/** Not there at all, as one that sleeps. */
function allGone(): void {
  working = []
  for (const node of ['a', 'b']) {
    fleet.lose(node)
    hall.nodeLost(node)
  }
  hall.shareOut()
}

it('asks power whenever nodes are shared out, and only those that it names work', async () => {
  const session = await start('stream')
  expect(asked.at(-1)).toMatchObject([
    { id: session.id, ageSeconds: 0, leadSeconds: 0, isResting: false, demand: expect.any(Number) },
  ])
  expect(asked.at(-1)![0]!.platforms).toContain('software')
  expect(session.nodeIds).toEqual(['a'])
  working = ['b']
  hall.shareOut()
  expect(session.nodeIds).toEqual(['b'])
})

it('shares nodes out again and again while one plays that could have several', async () => {
  const session = await start('stream')
  working = ['b']
  await eventually(() => session.nodeIds[0] === 'b')
  expect(session.nodeIds).toEqual(['b'])
})

it('tells power when viewers begin and end, and of no file', async () => {
  const session = await start('stream')
  aheadMs = 90_000
  session.kill()
  await session.ended
  await eventually(() => heard.length === 2)
  expect(heard).toEqual(['began', 90])
  const file = await start('file')
  expect(asked.at(-1)).toMatchObject([{ leadSeconds: Number.POSITIVE_INFINITY, isResting: false }])
  file.kill()
  await file.ended
  expect(heard).toHaveLength(2)
})

it('asks again when a player has enough or wants more, and one that is paused rests', async () => {
  const session = await start('stream')
  const before = asked.length
  session.throttle(true)
  session.throttle(true)
  expect(asked.length).toBe(before + 1)
  expect(asked.at(-1)![0]!.isResting).toBe(false)
  aheadMs = 41_000
  hall.shareOut()
  expect(asked.at(-1)![0]!.isResting).toBe(true)
  session.throttle(false)
  expect(asked.at(-1)![0]!.isResting).toBe(false)
})

it('a paused player may be without any node for hours; one that plays is left to the original in seconds', async () => {
  const session = await start('stream')
  session.throttle(true)
  aheadMs = 50_000
  allGone()
  expect(session.nodeIds).toEqual([])
  aheadMs = 4 * 3_600_000
  await new Promise((resolve) => setTimeout(resolve, 250))
  expect(hall.running()).toHaveLength(1)

  session.throttle(false)
  aheadMs += 6_000
  expect(await session.ended).toEqual({ how: 'failed', reason: 'no node is left' })
})

it('a player with nothing in hand does not wait for a boot that takes longer', async () => {
  working = []
  comingSeconds = 20
  const session = await start('stream')
  aheadMs = 6_000
  expect(await session.ended).toEqual({ how: 'failed', reason: 'no node is left' })
})

it('a whole file waits for the boot, since nobody watches it', async () => {
  allGone()
  comingSeconds = 20
  const session = await start('file')
  aheadMs = 60_000
  await new Promise((resolve) => setTimeout(resolve, 250))
  expect(hall.running()).toHaveLength(1)
  session.kill()
  await session.ended
})
