import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkEnergySettings } from '../../power/energy-settings.ts'
import { checkPowerSettings } from '../../power/power-settings.ts'
import type { NodePower } from '../power/power-state.ts'
import { type EnergyBook, openEnergyBook } from './energy-book.ts'
import type { LedgerThread } from './ledger-desk.ts'
import { LedgerFile } from './ledger-file.ts'
import type { LedgerReply } from './ledger-messages.ts'

let folder: string
let dataFolder: string
let book: EnergyBook
let watts: number | null
let life: NodePower['life']
let readings: unknown[]
let warned: string[]
let isHung: boolean
let isLetIn: boolean

/** The thread's work in this thread, which may hang. */
function inPlace(path: string): LedgerThread {
  const file = new LedgerFile(path, (name) => new Libsql(name))
  let reply: (answer: LedgerReply) => void = () => {}
  return {
    post: (request) => {
      if (!isHung) reply(file.answer(request))
    },
    onReply: (listener) => {
      reply = listener
    },
    onEnd: () => {},
    stop: async () => {},
  }
}

function open(more: Pick<Parameters<typeof openEnergyBook>[0], 'responder'> = {}): EnergyBook {
  const power = { watts, basis: 'measured', boundary: 'board', source: 'test' }
  return openEnergyBook({
    ...{ dataFolder, startThread: inPlace },
    settings: checkPowerSettings({ floor: [{ name: 'head', watts: 4 }] }),
    energy: checkEnergySettings({ pricePerKwh: 0.5 }),
    fleet: {
      nodes: () =>
        watts === null ? [] : ([{ id: 'n1', name: 'loft', beat: { power: { ...power, watts } } }] as never),
    },
    ...more,
    power: {
      nodes: () => (isLetIn ? [{ id: 'n1', name: 'loft', life, profile: null } as unknown as NodePower] : []),
    },
    hall: { carried: () => new Map(), running: () => [] },
    nowMs: () => performance.now(),
    time: () => new Date(),
    onReading: (node, reading) => void readings.push([node, reading]),
    log: { info: () => {}, warn: (_fields: unknown, message?: string) => void warned.push(message ?? '') },
  })
}

/** Another head with a copy of the folder, since this process goes on locking the file. */
async function nextHead(pauseMs = 0): Promise<void> {
  await book.close()
  await vi.advanceTimersByTimeAsync(pauseMs)
  const copy = mkdtempSync(join(folder, 'next-'))
  cpSync(join(folder, 'energy'), join(copy, 'energy'), { recursive: true })
  dataFolder = copy
  book = open()
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 23, 12) })
  folder = mkdtempSync(join(tmpdir(), 'paceline-energy-'))
  dataFolder = folder
  ;[watts, life, readings, warned, isHung, isLetIn] = [6, 'ready', [], [], false, true]
})
afterEach(async () => {
  isHung = false
  await book.close()
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

const today = async () => (await book.report()).periods[0]!

describe('the energy book', () => {
  it('counts what is drawn, second by second, and what it was before a change', async () => {
    book = open()
    await vi.advanceTimersByTimeAsync(10_000)
    watts = 8
    await vi.advanceTimersByTimeAsync(10_000)
    const period = await today()
    // The change is seen with the next look.
    expect(period.nodes[0]!.joules).toBeCloseTo(11 * 6 + 9 * 8, 0)
    expect(period).toMatchObject({ coveredSeconds: expect.closeTo(20, 3), floor: [{ name: 'head' }] })
    expect(period.floor[0]!.joules).toBeCloseTo(80, 3)
  })

  it('goes on with the next head, and counts nothing twice', async () => {
    book = open()
    await vi.advanceTimersByTimeAsync(90_000)
    await nextHead()
    await vi.advanceTimersByTimeAsync(30_000)
    await book.report()
    await book.report()
    const period = await today()
    expect(period.coveredSeconds).toBeCloseTo(120, 3)
    expect(period.nodes[0]!.joules).toBeCloseTo(720, 3)
  })

  it('knows the first responder by its name when it has gone', async () => {
    isLetIn = false
    book = open({ responder: { id: 'n1', name: 'first-responder' } })
    await vi.advanceTimersByTimeAsync(10_000)
    watts = null
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await today()).nodes).toMatchObject([{ id: 'n1', name: 'first-responder' }])
  })

  it('does not count the time between two heads', async () => {
    book = open()
    await vi.advanceTimersByTimeAsync(30_000)
    await nextHead(600_000)
    expect((await today()).coveredSeconds).toBeCloseTo(30, 3)
  })

  it('says what is drawn now, in one line, and what this month was', async () => {
    book = open()
    await vi.advanceTimersByTimeAsync(61_000)
    expect(book.line()).toMatchObject({
      ...{ watts: { value: 10, source: 'modelled' }, savedWatts: 0 },
      month: { kwh: expect.closeTo(0.000167, 5), currency: 'EUR', source: 'modelled' },
    })
    expect(book.wattsOf('n1')).toEqual({ value: 6, source: 'measured' })
    expect(book.wattsOf('n2')).toBeNull()
  })

  it('tells what was measured of nodes at rest, for who decides about their sleep', async () => {
    book = open()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(readings.at(-1)).toEqual(['n1', { watts: 6, busyShare: 0, seconds: expect.closeTo(1, 3) }])
    const before = readings.length
    watts = null
    life = 'off'
    await vi.advanceTimersByTimeAsync(5_000)
    expect(readings).toHaveLength(before)
  })

  it('answers though the disk hangs, says so, and has lost nothing when it goes on', async () => {
    book = open()
    await vi.advanceTimersByTimeAsync(1_000)
    isHung = true
    await vi.advanceTimersByTimeAsync(120_000)
    const asked = book.report()
    await vi.advanceTimersByTimeAsync(20_000)
    const report = await asked
    expect(report.trouble).toContain('E_LEDGER_AWAY')
    expect(report.periods[0]!.nodes[0]!.joules).toBeGreaterThan(700)
    expect(warned).toEqual(['The energy ledger does not answer'])
    isHung = false
    await vi.advanceTimersByTimeAsync(70_000)
    const after = await book.report()
    expect(after.trouble).toBeNull()
    expect(after.periods[0]!.nodes[0]!.joules).toBeCloseTo(after.periods[0]!.coveredSeconds * 6, 0)
  })

  it('has a history by minutes, hours and days', async () => {
    book = open()
    await vi.advanceTimersByTimeAsync(150_000)
    const { points } = await book.history({ step: 'minute', last: 10 })
    // A second counts to the minute in which it ends.
    const own = points.filter(({ node }) => node === 'n1')
    expect(own.map(({ joules }) => Math.round(joules))).toEqual([354, 360, 186])
    const [hour] = (await book.history({ step: 'hour', last: 1 })).points
    expect(hour).toMatchObject({ seconds: expect.closeTo(150, 3) })
    expect((await book.history({ step: 'day', last: 1 })).points).toHaveLength(2)
  })
})
