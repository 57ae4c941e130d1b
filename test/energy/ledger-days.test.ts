import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type EnergyBook, openEnergyBook } from '../../src/head/energy/energy-book.ts'
import type { LedgerThread } from '../../src/head/energy/ledger-desk.ts'
import { LedgerFile } from '../../src/head/energy/ledger-file.ts'
import type { LedgerReply } from '../../src/head/energy/ledger-messages.ts'
import { checkEnergySettings } from '../../src/power/energy-settings.ts'
import { checkPowerSettings } from '../../src/power/power-settings.ts'

const hour = 3_600
const nodeWatts = 10
const floorWatts = 4

let folder: string
let dataFolder: string
let book: EnergyBook
/** The clock that nobody sets, and the one on the wall. */
let nowMs: number
let wallMs: number
const zone = process.env.TZ

function inPlace(path: string): LedgerThread {
  const file = new LedgerFile(path, (name) => new Libsql(name))
  let reply: (answer: LedgerReply) => void = () => {}
  return {
    post: (request) => reply(file.answer(request)),
    onReply: (listener) => {
      reply = listener
    },
    onEnd: () => {},
    stop: async () => {},
  }
}

function open(): EnergyBook {
  const power = { watts: nodeWatts, basis: 'measured', boundary: 'board', source: 'test' }
  return openEnergyBook({
    ...{ dataFolder, startThread: inPlace },
    settings: checkPowerSettings({ floor: [{ name: 'head', watts: floorWatts }] }),
    energy: checkEnergySettings({}),
    fleet: { nodes: () => [{ id: 'n1', name: 'loft', beat: { power } }] as never },
    power: { nodes: () => [{ id: 'n1', name: 'loft', life: 'ready', profile: null }] as never },
    hall: { carried: () => new Map(), running: () => [] },
    ...{ nowMs: () => nowMs, time: () => new Date(wallMs), onReading: () => {} },
    log: { info: () => {}, warn: () => {} },
  })
}

/** Time goes by; each look counts for a minute at most. */
async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 60) {
    nowMs += 60_000
    wallMs += 60_000
    await book.history({ step: 'day', last: 1 })
  }
}

/** Another head, with a copy of the folder, since this process goes on locking the file. */
async function nextHead(): Promise<void> {
  await book.close()
  const copy = mkdtempSync(join(folder, 'next-'))
  cpSync(join(dataFolder, 'energy'), join(copy, 'energy'), { recursive: true })
  dataFolder = copy
  nowMs = 5_000
  book = open()
}

const begin = (zoned: string, wall: [number, number, number, number]) => {
  process.env.TZ = zoned
  wallMs = new Date(...wall).getTime()
  book = open()
}
const days = async () => {
  const { points } = await book.history({ step: 'day', last: 30 })
  return points
    .filter(({ node, joules }) => node === 'n1' && joules > 0)
    .map(({ day, joules }) => [day, Math.round(joules)])
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-ledger-days-'))
  dataFolder = folder
  nowMs = 1_000
})
afterEach(async () => {
  await book.close()
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
  rmSync(folder, { recursive: true, force: true })
})

it.each<[string, string, [number, number, number], string]>([
  ['of 25 hours', 'Europe/Berlin', [2026, 9, 25], '2026-10-25'],
  ['of 23 hours', 'America/New_York', [2027, 2, 14], '2027-03-14'],
  ['of 24.5 hours', 'Australia/Lord_Howe', [2027, 3, 4], '2027-04-04'],
  ['of a zone of quarters of hours', 'Pacific/Chatham', [2026, 10, 23], '2026-11-23'],
])('has a day %s from midnight to midnight, and each second of it once', async (_what, zoned, date, day) => {
  begin(zoned, [...date, 0])
  await pass(4 * hour)
  const { periods, timeZone } = await book.report()
  expect([timeZone, periods[0]!.from, periods[0]!.coveredSeconds]).toEqual([zoned, day, 4 * hour])
  const { points } = await book.history({ step: 'hour', last: 5 })
  const inHours = points.filter(({ node }) => node === 'n1').map(({ seconds }) => seconds)
  expect(Math.max(...inHours)).toBe(hour)
  expect(inHours.reduce((sum, seconds) => sum + seconds, 0)).toBe(4 * hour)

  // The last hour of that day, and the first one of the next; what a look finds is stamped when it looks.
  wallMs = new Date(...date, 23).getTime() - 1_000
  await pass(2 * hour)
  const [first, second, ...more] = await days()
  expect([first, second![1], more]).toEqual([[day, 5 * hour * nodeWatts], hour * nodeWatts, []])
})

it('counts on in the same day after a head that started again at noon', async () => {
  begin('Europe/Berlin', [2026, 10, 23, 11])
  await pass(hour)
  await nextHead()
  await pass(hour)
  const [today] = (await book.report()).periods
  expect(today!.coveredSeconds).toBe(2 * hour)
  expect(await days()).toEqual([['2026-11-23', 2 * nodeWatts * hour]])
  expect(today!.floor.map(({ name, joules, basis }) => [name, joules, basis])).toEqual([
    ['head', 2 * floorWatts * hour, 'modelled'],
  ])
})

it.each([
  ['back by an hour', -hour, [['2026-11-23', 3]]],
  [
    'back by a day',
    -24 * hour,
    [
      ['2026-11-22', 2],
      ['2026-11-23', 1],
    ],
  ],
  [
    'ahead by a day',
    24 * hour,
    [
      ['2026-11-23', 1],
      ['2026-11-24', 2],
    ],
  ],
])('counts each second once where the clock is set %s', async (_what, seconds, expected) => {
  begin('Europe/Berlin', [2026, 10, 23, 11])
  await pass(hour)
  wallMs += seconds * 1000
  await pass(hour)
  await nextHead()
  await pass(hour)
  wallMs = Math.max(wallMs, new Date(2026, 10, 24, 20).getTime())
  expect(await days()).toEqual(expected.map(([day, hours]) => [day, nodeWatts * hour * Number(hours)]))
})
