import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noSmallDisk, openSmallDisk, type SmallDisk } from '../faults/small-disk.ts'

interface Said {
  readonly number: number
  readonly ok: boolean
  readonly code: string | null
  /** All that is in the file, as its reader saw it after this batch. */
  readonly joules: number | null
  /** For how long the process's own loop was busy with the batch, milliseconds. */
  readonly activeMs: number
  readonly aside?: string
}

let folder: string
let path: string
let disk: SmallDisk | undefined
const running: { kill(): Promise<void> }[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-ledger-'))
  path = join(folder, 'ledger.sqlite')
})
afterEach(async () => {
  for (const writer of running.splice(0)) await writer.kill()
  await disk?.close()
  disk = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** A process that writes and writes; see write-on.js. */
function startWriter(from: number, pauseMs = 0) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const script = join(import.meta.dirname, 'write-on.js')
  const child = spawn(process.execPath, [script, path, String(from), String(pauseMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  })
  const said: Said[] = []
  createInterface({ input: child.stdout }).on('line', (line) => void said.push(JSON.parse(line)))
  const writer = {
    said,
    async until(isEnough: (all: readonly Said[]) => boolean): Promise<void> {
      while (!isEnough(said) && child.exitCode === null) await sleep(10)
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    },
  }
  running.push(writer)
  return writer
}

/** The sum of what was written, and what SQLite itself says of the file: read from a copy, so that nothing is repaired in it. */
function look(): { readonly joules: number; readonly check: unknown } {
  const copy = mkdtempSync(join(folder, 'look-'))
  for (const name of readdirSync(folder))
    if (name.startsWith('ledger.sqlite')) cpSync(join(folder, name), join(copy, name))
  const database = new Libsql(join(copy, 'ledger.sqlite'))
  const [sum] = database.prepare('SELECT SUM(joules) AS joules FROM days').all() as { joules: number }[]
  const [found] = database.prepare('PRAGMA integrity_check').all() as { integrity_check: unknown }[]
  database.close()
  return { joules: sum!.joules, check: found!.integrity_check }
}

const sumTo = (number: number) => (number * (number + 1)) / 2

describe('the thread that has the ledger', () => {
  it('leaves a whole file behind when its process is killed at any moment, with all that it has said to be in it', async () => {
    let next = 1
    for (const afterMs of [0, 3, 9, 23, 41]) {
      const writer = startWriter(next)
      await writer.until((all) => all.length > 0)
      await sleep(afterMs)
      await writer.kill()
      const last = writer.said.findLast(({ ok }) => ok)!.number
      const { joules, check } = look()
      expect(check).toBe('ok')
      // The one that was under way may be in it, whole, or not.
      expect([sumTo(last), sumTo(last + 1)]).toContain(joules)
      next = joules === sumTo(last) ? last + 1 : last + 2
    }
    expect(next).toBeGreaterThan(6)
  })

  it('keeps nobody waiting in the thread that asks', async () => {
    const writer = startWriter(1, 20)
    await writer.until((all) => all.length >= 40)
    await writer.kill()
    const busy = writer.said.slice(5).map(({ activeMs }) => activeMs)
    // Most of them, on a machine that is busy with other tests.
    expect(busy.toSorted((a, b) => a - b)[Math.floor(busy.length / 2)]).toBeLessThan(1)
  })

  it('begins another file where this one is noise, and says so', async () => {
    const first = startWriter(1)
    await first.until((all) => all.length >= 3)
    await first.kill()
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0x5a))
    rmSync(`${path}-wal`, { force: true })
    const second = startWriter(100)
    await second.until((all) => all.some(({ number }) => number === 101))
    expect(second.said[0]).toEqual({ aside: `${path}.broken-1` })
    expect(second.said.find(({ number }) => number === 101)).toMatchObject({ ok: true, joules: 201 })
  })

  it.skipIf(noSmallDisk())(
    'waits for room on a full disk, and has counted each batch once when there is some',
    async () => {
      disk = await openSmallDisk(512 * 1024)
      path = join(disk.folder, 'ledger.sqlite')
      const writer = startWriter(1, 5)
      await writer.until((all) => all.length >= 3)
      disk.fill()
      await writer.until((all) => all.some(({ code }) => code === 'E_LEDGER_FULL'))
      disk.clear()
      const from = writer.said.length
      await writer.until((all) => all.slice(from).some(({ ok }) => ok))
      const last = writer.said.findLast(({ ok }) => ok)!
      const written = writer.said.filter(({ ok, number }) => ok && number <= last.number)
      expect(last.joules).toBe(written.reduce((sum, { number }) => sum + number, 0))
    },
  )
})
