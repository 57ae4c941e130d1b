import { readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { understandJob } from '../../src/dialects/plex/understand-job.ts'
import { PacelineError } from '../../src/errors.ts'
import type { DoorJob, ForwardedSignal } from '../../src/head/door/door-job.ts'
import { createRoots, type Roots } from '../../src/head/files/roots.ts'
import type { OpenedInput } from '../../src/head/input-library.ts'
import type { JobSources } from '../../src/head/job-sources.ts'
import { PlexRun } from '../../src/head/plex-run.ts'
import { eventually } from '../../src/head/testing/eventually.ts'
import type { SegmentedJob } from '../../src/plan/segmented.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-run-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** An accepted job, and what becomes of it. */
async function runOf(transcodeRoots: Roots) {
  const args = hlsArguments({ seek: 4 }).map((argument) =>
    argument.replace('{PMS}', 'http://127.0.0.1:1').replace('{MEDIA}', '/films/film.ts'),
  )
  const understood = understandJob(args, false)
  if ('local' in understood) throw new Error(understood.local)
  const { dev: device, ino: inode } = await stat(folder, { bigint: true })
  const released = new AbortController()
  const ends: (number | string)[] = []
  let signalled: (signal: ForwardedSignal) => void = () => {}
  const end = (how: number | string) => {
    if (released.signal.aborted) return false
    ends.push(how)
    released.abort()
    return true
  }
  const job = {
    ...{ args, cwd: folder, folder: { device, inode, isWritable: true }, released: released.signal },
    hands: { files: {}, http: {}, leaveResume: () => true, beat: () => true },
    ...{ exit: end, local: end },
    onSignal(handler: typeof signalled) {
      signalled = handler
    },
  } as unknown as DoorJob
  const log = { info() {}, warn() {}, error() {} }
  const sources = { transcodeRoots, log, now: () => performance.now() } as unknown as JobSources
  const run = new PlexRun(sources, job, understood.plex)
  return { run, ends, released, signal: () => signalled('SIGTERM') }
}

/** An input that is asked for, and never answers. */
async function silentInput() {
  let asking = 0
  const server = createServer((request) => {
    asking += 1
    request.socket.on('close', () => {
      asking -= 1
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  let isClosed = false
  const opened = {
    info: { startSeconds: 0, formats: ['mpegts'], durationSeconds: 60, streams: [] },
    address: () => `http://127.0.0.1:${port}/film.ts`,
    async close() {
      isClosed = true
    },
  } as unknown as OpenedInput
  const picture = {
    ...{ index: 0, timeBase: { num: 1, den: 90_000 }, startPts: null },
    ...{ startSeconds: 0, durationSeconds: 60 },
  }
  const read = { path: '/films/film.ts', anchoredAtZero: false, picture, seekSeconds: 4 }
  return {
    ...{ opened, read: read as unknown as SegmentedJob, asking: () => asking, isClosed: () => isClosed },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const openHere = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === folder
    } catch {
      return false
    }
  }).length

describe('a job whose input is silent while it is planned', () => {
  it('ends with 255 at a signal, and its ffprobe with it', async () => {
    const input = await silentInput()
    const { run, ends, signal } = await runOf(createRoots([]))
    run.begin()
    const carried = run.carryOut(input.read, [input.opened])
    await eventually(() => input.asking() > 0)
    signal()
    await carried
    expect(ends).toEqual([255])
    expect(input.isClosed()).toBe(true)
    await eventually(() => input.asking() === 0)
    input.close()
  })

  it('leaves no ffprobe behind when its shim is killed', async () => {
    const input = await silentInput()
    const { run, released } = await runOf(createRoots([]))
    run.begin()
    const carried = run.carryOut(input.read, [input.opened])
    await eventually(() => input.asking() > 0)
    released.abort()
    await carried
    await eventually(() => input.asking() === 0)
    input.close()
  })
})

describe('a job that is over before it was carried out', () => {
  it('keeps no descriptor of its folder', async () => {
    const { run } = await runOf(createRoots([folder]))
    await eventually(() => openHere() === 1)
    run.stayLocal('for a test')
    run.close()
    await eventually(() => openHere() === 0)
  })

  it('does not trip over a folder that cannot be looked at', async () => {
    let isClosed = false
    const handle = {
      stat: () => Promise.reject(new Error('stale file handle')),
      async close() {
        isClosed = true
      },
    }
    const { run } = await runOf({ open: async () => handle } as unknown as Roots)
    await eventually(() => isClosed)
    run.close()
  })

  it('is the original’s when an input that was opened fails later', async () => {
    const { run, ends } = await runOf(createRoots([]))
    const input = await silentInput()
    input.close()
    run.begin()
    const broken = { ...input.opened, address: () => join(folder, 'none.ts') }
    const error = await run.carryOut(input.read, [broken]).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(PacelineError)
    await run.fail(error, '/films/film.ts')
    expect(ends).toEqual([expect.stringContaining('head')])
  })
})
