import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cell } from './cell.ts'
import { LedgerFile } from './ledger-file.ts'
import type { Batch, LedgerReply, PeriodRows } from './ledger-messages.ts'
import { type Retention, usualRetention } from './ledger-schema.ts'

let folder: string
let path: string
let files: LedgerFile[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-ledger-'))
  path = join(folder, 'energy', 'ledger.sqlite')
  files = []
})
afterEach(() => {
  for (const file of files) file.answer({ id: 0, type: 'close' })
  rmSync(folder, { recursive: true, force: true })
})

const today = 20_261_123
const minute = 29_000_000
const cell: Cell = {
  ...{ node: 'a', session: '', state: 'idle', basis: 'measured', joules: 180, seconds: 60, work: 0 },
  ...{ minute, hour: Math.floor(minute / 60), day: today },
}
const batchOf = (sequence: number, cells: readonly Cell[], more: Partial<Batch> = {}): Batch => ({
  ...{ boot: 'b1', sequence, day: today, minute, cells, sessions: [], machines: [] },
  ...more,
})

function openFile(retention?: Partial<Retention>): LedgerFile {
  const file = new LedgerFile(path, (name) => new Libsql(name), { ...usualRetention, ...retention })
  files.push(file)
  return file
}

/** What the next process finds: a copy, since this one goes on locking what it has opened. */
function nextProcess(file: LedgerFile): LedgerFile {
  file.answer({ id: 9, type: 'close' })
  moveToCopy()
  return openFile()
}
function moveToCopy(): void {
  const copy = mkdtempSync(join(folder, 'next-'))
  cpSync(dirname(path), join(copy, 'energy'), { recursive: true })
  path = join(copy, 'energy', 'ledger.sqlite')
}
const write = (file: LedgerFile, batch: Batch) => file.answer({ id: 1, type: 'write', batch })
function answered<T>(reply: LedgerReply): T {
  expect(reply).toMatchObject({ ok: true })
  return (reply as { value: T }).value
}
const days = (file: LedgerFile, from = today, to = today) =>
  answered<PeriodRows>(file.answer({ id: 2, type: 'days', range: { from, to } }))
const history = (file: LedgerFile, step: 'minute' | 'hour' | 'day', from: number, to: number) =>
  answered<readonly { start: number; joules: number }[]>(
    file.answer({ id: 3, type: 'history', step, range: { from, to } }),
  ).map(({ start, joules }) => [start, joules])

describe('the ledger', () => {
  it('adds up what is written of one time and place', () => {
    const file = openFile()
    write(file, batchOf(1, [cell]))
    write(file, batchOf(2, [cell, { ...cell, basis: 'modelled', joules: 1 }]))
    expect(days(file).nodes).toEqual([
      { node: 'a', state: 'idle', basis: 'measured', joules: 360, seconds: 120, work: 0 },
      { node: 'a', state: 'idle', basis: 'modelled', joules: 1, seconds: 60, work: 0 },
    ])
  })

  it('counts a batch once that is written twice', () => {
    const file = openFile()
    write(file, batchOf(1, [cell]))
    write(file, batchOf(1, [cell]))
    expect(days(file).nodes).toMatchObject([{ joules: 180 }])
  })

  it('counts on from where another head has stopped, whose numbers of batches are its own', () => {
    const first = openFile()
    write(first, batchOf(1, [cell]))
    const second = nextProcess(first)
    write(second, batchOf(1, [cell], { boot: 'b2' }))
    expect(days(second).nodes).toMatchObject([{ joules: 360 }])
  })

  it('has minutes and hours of nodes, and days of sessions', () => {
    const file = openFile()
    const next = { ...cell, minute: minute + 1 }
    const session = { ...cell, session: 's', state: 'busy', joules: 60 } as const
    write(file, batchOf(1, [cell, next, session]))
    expect(history(file, 'minute', minute, minute + 9)).toEqual([
      [minute, 240],
      [minute + 1, 180],
    ])
    expect(history(file, 'hour', cell.hour!, cell.hour!)).toEqual([[cell.hour, 420]])
    expect(history(file, 'day', today, today)).toEqual([[today, 420]])
  })

  it('has what is coarse in days only', () => {
    const file = openFile()
    write(file, batchOf(1, [{ ...cell, minute: null, hour: null }]))
    expect(history(file, 'minute', 0, minute * 2)).toEqual([])
    expect(history(file, 'hour', 0, minute)).toEqual([])
    expect(days(file).nodes).toMatchObject([{ joules: 180 }])
  })

  it('names the sessions that took the most, and says how many there were', () => {
    const file = openFile()
    const sessions = Array.from({ length: 60 }, (_, index) => `s${index}`)
    const cells = sessions.map((session, index) => ({ ...cell, session, joules: index }))
    write(file, batchOf(1, cells, { sessions: [{ id: 's59', title: 'A film' }] }))
    const { sessions: listed, sessionCount } = days(file)
    expect(sessionCount).toBe(60)
    expect(listed).toHaveLength(50)
    expect(listed[0]).toEqual({ session: 's59', title: 'A film', basis: 'measured', joules: 59 })
    expect(listed.at(-1)).toMatchObject({ session: 's10' })
  })

  it('remembers what machines draw at rest', () => {
    const file = openFile()
    write(file, batchOf(1, [], { machines: [{ machine: 'a', watts: 3 }] }))
    write(file, batchOf(2, [], { machines: [{ machine: 'a', watts: 2.5 }] }))
    expect(answered(file.answer({ id: 4, type: 'machines' }))).toEqual([{ machine: 'a', watts: 2.5 }])
  })
})

describe('the size of the ledger', () => {
  it('is bounded: what is old goes, the finest first', () => {
    const old: Cell = { ...cell, minute: minute - 5_000, hour: Math.floor(minute / 60) - 84, day: 20_261_119 }
    const file = openFile()
    write(file, batchOf(1, [old, cell]))
    expect(history(file, 'minute', 0, minute)).toEqual([[minute, 180]])
    expect(history(file, 'hour', 0, minute)).toHaveLength(2)
    expect(history(file, 'day', 0, 30_000_000)).toHaveLength(2)
  })

  it('keeps the joules of sessions that are forgotten', () => {
    const old: Cell = { ...cell, session: 's', state: 'busy', day: 20_251_001, work: 7 }
    const file = openFile()
    write(file, batchOf(1, [old, { ...old, session: 't' }, { ...old, session: '' }]))
    const { nodes, sessionCount } = days(file, 20_251_001, 20_251_001)
    expect(sessionCount).toBe(0)
    expect(nodes).toEqual([
      { node: 'a', state: 'busy', basis: 'measured', joules: 540, seconds: 180, work: 21 },
    ])
  })

  it('has a bound of rows too, for fleets that are very large', () => {
    const file = openFile({ mostRows: 100 })
    const cells = Array.from({ length: 1_000 }, (_, index) => ({ ...cell, minute: minute - index }))
    write(file, batchOf(1, cells))
    const kept = history(file, 'minute', 0, minute)
    expect(kept).toHaveLength(100)
    expect(kept.at(-1)?.[0]).toBe(minute)
    expect(days(file).nodes).toMatchObject([{ joules: 180_000 }])
  })

  it('of a year of four nodes is some megabytes', () => {
    const file = openFile()
    const nodes = ['pi5-1', 'pi5-2', 'orin-1', 'orin-2']
    for (let day = 0; day < 3; day++) {
      const cells = nodes.flatMap((node) =>
        Array.from({ length: 1_440 }, (_, index): Cell => {
          const at = minute + day * 1_440 + index
          return { ...cell, node, minute: at, hour: Math.floor(at / 60), day: today + day }
        }),
      )
      write(file, batchOf(day + 1, cells, { minute: minute + day * 1_440 }))
    }
    file.answer({ id: 9, type: 'close' })
    expect(readFileSync(path).length).toBeLessThan(3_000_000)
  })
})

describe('a ledger that cannot be read', () => {
  it.each([
    ['is no database', (bytes: Buffer) => bytes.fill('x')],
    ['is cut off', (bytes: Buffer) => bytes.subarray(0, 5_000)],
    ['has a page of noise', (bytes: Buffer) => bytes.fill(0xa5, 4_096, 20_000)],
  ])('because it %s, is put aside, and another one begun', (_why, spoil) => {
    const first = openFile()
    write(first, batchOf(1, [cell]))
    first.answer({ id: 9, type: 'close' })
    moveToCopy()
    writeFileSync(path, spoil(readFileSync(path)))
    const second = openFile()
    const reply = write(second, batchOf(2, [cell]))
    expect(reply).toMatchObject({ ok: true, putAside: `${path}.broken-1` })
    expect(days(second).nodes).toMatchObject([{ joules: 180 }])
  })

  it('is put aside under a new name each time, and only the last two are kept', () => {
    for (const time of [1, 2, 3, 4]) {
      const file = openFile()
      write(file, batchOf(time, [cell]))
      file.answer({ id: 9, type: 'close' })
      moveToCopy()
      writeFileSync(path, 'this is no database, though it is long enough to be taken for one'.repeat(100))
    }
    const names = readdirSync(dirname(path)).filter((name) => /broken-\d+$/.test(name))
    expect(names.toSorted()).toEqual(['ledger.sqlite.broken-2', 'ledger.sqlite.broken-3'])
  })

  it('because it ended the process that opened it, is not opened again', () => {
    const first = openFile()
    write(first, batchOf(1, [cell]))
    first.answer({ id: 9, type: 'close' })
    moveToCopy()
    writeFileSync(`${path}.opening`, '')
    expect(write(openFile(), batchOf(1, [cell]))).toMatchObject({ putAside: `${path}.broken-1` })
  })

  it('because it is of a later release, is left as it is', () => {
    const first = openFile()
    write(first, batchOf(1, [cell]))
    first.answer({ id: 9, type: 'close' })
    moveToCopy()
    const later = new Libsql(path)
    later.exec('PRAGMA user_version = 99')
    later.close()
    moveToCopy()
    expect(write(openFile(), batchOf(2, [cell]))).toMatchObject({
      ok: false,
      fault: { code: 'E_LEDGER_AWAY' },
    })
    expect(readdirSync(dirname(path)).filter((name) => name.includes('broken'))).toEqual([])
  })

  it('because another head uses it, is left to that', () => {
    const first = openFile()
    write(first, batchOf(1, [cell]))
    expect(write(openFile(), batchOf(1, [cell], { boot: 'b2' }))).toMatchObject({
      ...{ ok: false, fault: { code: 'E_LEDGER_AWAY' } },
    })
    expect(days(first).nodes).toMatchObject([{ joules: 180 }])
  })

  it('because it is a folder, keeps nobody from asking again', () => {
    const blocked = new LedgerFile(folder, (name) => new Libsql(name))
    for (const _time of [1, 2])
      expect(write(blocked, batchOf(1, [cell]))).toMatchObject({
        ok: false,
        fault: { code: 'E_LEDGER_AWAY' },
      })
  })
})
