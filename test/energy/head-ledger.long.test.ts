import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { noSmallDisk, openSmallDisk, type SmallDisk } from '../faults/small-disk.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'

interface Report {
  readonly trouble: string | null
  readonly periods: readonly {
    readonly name: string
    readonly coveredSeconds: number
    readonly total: { readonly joules: number; readonly basis: string }
    readonly nodes: readonly { readonly name: string; readonly joules: number }[]
    readonly floor: readonly { readonly name: string; readonly joules: number }[]
    readonly sessions: readonly { readonly title: string; readonly joules: number }[]
  }[]
}

let folder: string
let paceline: RunningPaceline | undefined
let disk: SmallDisk | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-energy-'))
  writeFileSync(
    join(folder, 'paceline.yaml'),
    'power: { floor: [{ name: head, watts: 4 }, { name: switch, watts: 3 }] }\n',
  )
})
afterEach(async () => {
  await paceline?.stop()
  paceline = undefined
  await disk?.close()
  disk = undefined
  await rm(folder, { recursive: true, force: true })
})

const start = async (): Promise<RunningPaceline> => {
  const environment = { PACELINE_IDLE_WATTS: '3', PACELINE_BUSY_WATTS: '10' }
  paceline = await startPaceline({ nodes: 1, dataFolder: folder, environment })
  return paceline
}
async function report(): Promise<Report> {
  for (;;) {
    const { exit, stdout } = await paceline!.run('energy', '--json')
    if (exit === 0) return JSON.parse(stdout) as Report
    await sleep(100)
  }
}
const today = async () => (await report()).periods[0]!
const headPid = (): number =>
  (JSON.parse(readFileSync(join(folder, 'head.json'), 'utf8')) as { pid: number }).pid

/** A whole file made by the node, which somebody waits for. */
async function convert(name: string): Promise<void> {
  const clip = await makeClip({ seconds: 8 })
  const { exit, stderr } = await paceline!.run('transcode', clip, join(folder, name))
  expect(stderr).toBe('')
  expect(exit).toBe(0)
}

describe('the ledger of a head', () => {
  it('goes on when the head is killed, neither forgetting nor counting twice', async () => {
    const startedMs = performance.now()
    await start()
    await sleep(4_000)
    const before = await today()
    expect(before.floor.map(({ name }) => name).toSorted()).toEqual(['head', 'switch'])
    for (let time = 0; time < 3; time++) {
      const pid = headPid()
      process.kill(pid, 'SIGKILL')
      while (headPid() === pid) await sleep(50)
      await today()
    }
    const after = await today()
    const passed = (performance.now() - startedMs) / 1_000
    expect(after.coveredSeconds).toBeGreaterThanOrEqual(before.coveredSeconds)
    expect(after.coveredSeconds).toBeLessThanOrEqual(passed)
    const floor = after.floor.reduce((sum, { joules }) => sum + joules, 0)
    expect(floor).toBeCloseTo(7 * after.coveredSeconds, 1)
  })

  it('counts what a session took', async () => {
    await start()
    await sleep(6_000)
    await convert('made.mp4')
    const { sessions, nodes } = await today()
    expect(sessions).toHaveLength(1)
    expect(sessions[0]!.joules).toBeGreaterThan(0)
    expect(sessions[0]!.joules).toBeLessThan(nodes[0]!.joules)
  })

  it.skipIf(noSmallDisk())(
    'stops nobody while its disk is full, and is whole when there is room again',
    async () => {
      disk = await openSmallDisk(2 * 1024 * 1024)
      const { execFileSync } = await import('node:child_process')
      mkdirSync(join(folder, 'energy'))
      execFileSync('mount', ['--bind', disk.folder, join(folder, 'energy')])
      try {
        await start()
        await report()
        disk.fill()
        await sleep(1_000)
        await convert('made.mp4')
        const full = await report()
        expect(full.trouble).toContain('E_LEDGER_FULL')
        disk.clear()
        const later = await report()
        expect(later.trouble).toBeNull()
        expect(later.periods[0]!.total.joules).toBeGreaterThan(full.periods[0]!.total.joules)
        await paceline!.stop()
        paceline = undefined
      } finally {
        execFileSync('umount', ['-l', join(folder, 'energy')])
      }
    },
  )

  it('stops nobody when its file is noise', async () => {
    mkdirSync(join(folder, 'energy'))
    writeFileSync(join(folder, 'energy', 'ledger.sqlite'), Buffer.alloc(50_000, 0x5a))
    await start()
    await convert('made.mp4')
    expect((await report()).trouble).toBeNull()
    expect(paceline!.log()).toContain('E_LEDGER_BROKEN')
  })
})
