import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { Intruder } from '../attacks/intruder.ts'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder, type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { parseList } from '../golden/compare-lists.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { type PlexMediaServer, startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder, type TranscoderProcess } from '../stand-in/transcoder-process.ts'
import { noSmallDisk, openSmallDisk, type SmallDisk } from './small-disk.ts'

const missing = noSmallDisk()
const filmSeconds = 24
const wholeFilm = Array.from({ length: filmSeconds / 2 }, (_, segment) => segment)
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe.skipIf(missing !== null)(
  `a disk that is full in the middle of a film${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    it('the media server’s: the job waits, says why, and goes on when there is room', async () => {
      const disk = await smallDisk(24_000_000)
      const { job, server, paceline } = await play({ sessions: disk.folder })
      await someAnnounced(server, 3)
      disk.fill()
      expect(await waiting(paceline)).toEqual([expect.stringContaining(`E_DISK_FULL: ${job.directory}`)])
      const before = announcedFiles(server, job)
      await sleep(9_000)
      expect(announcedFiles(server, job)).toEqual(before)
      expect(job.child.exitCode).toBe(null)
      disk.clear()
      expect(await job.exited()).toMatchObject({ exit: 0 })
      expect(announcedFiles(server, job)).toMatchObject(before)
      expect(segments(server)).toEqual(wholeFilm)
      expect(server.problems()).toEqual([])
      expect(paceline.log()).toContain('there is room again')
    })

    it('the head’s: nodes keep what they have made until there is room', async () => {
      const disk = await smallDisk(64_000_000)
      const { job, server, paceline } = await play({ data: disk.folder })
      await someAnnounced(server, 3)
      disk.fill()
      expect(await waiting(paceline)).toEqual([expect.stringContaining('E_DISK_FULL')])
      const before = announcedFiles(server, job)
      await sleep(9_000)
      expect(job.child.exitCode).toBe(null)
      disk.clear()
      expect(await job.exited()).toMatchObject({ exit: 0 })
      expect(announcedFiles(server, job)).toMatchObject(before)
      expect(segments(server)).toEqual(wholeFilm)
      expect(server.problems()).toEqual([])
      // The node's blocks lie on this disk, too, and it looks at that again after a minute only.
      expect((await paceline.run('status')).stdout).not.toContain('no room for segments')
    })

    it('a node’s: it works on without what it keeps there, and says so', async () => {
      const disk = await smallDisk(8_000_000)
      // Many leases: what each of them reads is worth keeping.
      const environment = { PACELINE_MAX_LEASE_SEGMENTS: '1' }
      const { job, server, paceline } = await play({ environment, node: disk.folder, onReady: disk.fill })
      expect(await job.exited()).toMatchObject({ exit: 0 })
      expect(segments(server)).toEqual(wholeFilm)
      expect((await paceline.run('status')).stdout).toContain('by-hand: E_DISK_FULL: no media is kept')
    })
  },
)

async function smallDisk(bytes: number): Promise<SmallDisk> {
  const disk = await openSmallDisk(bytes)
  closers.push(() => disk.close())
  return disk
}

/** Plays a film through a head with one node. */
async function play(options: {
  readonly sessions?: string
  readonly data?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Data folder of a node that shares nothing with the head; a node of the head's own machine without. */
  readonly node?: string
  readonly onReady?: () => void
}): Promise<{ job: TranscoderProcess; server: PlexMediaServer; paceline: RunningPaceline }> {
  const { data, node, environment = {}, onReady } = options
  const nodes = node === undefined ? 1 : 0
  const paceline = await startPaceline({ nodes, environment, ...(data && { dataFolder: data }) })
  closers.push(() => paceline.stop())
  if (node !== undefined) await startNode(paceline, node)
  onReady?.()
  const sessions = options.sessions ?? (await mkdtemp(join(tmpdir(), 'paceline-full-')))
  if (options.sessions === undefined) closers.push(() => rm(sessions, { recursive: true, force: true }))
  const server = await startPlexMediaServer()
  closers.push(() => server.close())
  const job = await startTranscoder({
    ...{ program: paceline.shim, server, args: hlsArguments(), sessions },
    mediaPath: await makeClip({ seconds: filmSeconds, size: '1280x720', audio: 'aac-48000' }),
    environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
  })
  closers.push(async () => job.kill())
  return { job, server, paceline }
}

async function startNode(paceline: RunningPaceline, data: string): Promise<void> {
  const token = await (await Intruder.at(paceline)).token({ name: 'by-hand' })
  const program = join(projectFolder, 'bin', 'paceline.js')
  const args = [program, '--data', data, 'node', '--json', '--join', token]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'close')
  closers.push(async () => {
    child.kill('SIGINT')
    await ended
  })
  let log = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  while (!log.includes('node is ready')) {
    if (child.exitCode !== null) throw new Error(`the node ended: ${log}`)
    await sleep(20)
  }
}

function segments(server: PlexMediaServer): number[] {
  const names = server.requests
    .flatMap(({ method, body }) => (method === 'POST' ? parseList(body) : []))
    .filter(({ open }) => !open)
    .map(({ name }) => Number(/\d+/.exec(name)?.[0]))
  return [...new Set(names)]
}

/** Digests of the files that have been announced. */
function announcedFiles(server: PlexMediaServer, job: TranscoderProcess): Record<string, string> {
  const digest = (segment: number) => {
    const name = `media-${String(segment).padStart(5, '0')}.ts`
    const bytes = readFileSync(join(job.directory, name))
    return [name, createHash('sha256').update(bytes).digest('hex')]
  }
  return Object.fromEntries(segments(server).map(digest))
}

async function someAnnounced(server: PlexMediaServer, count: number): Promise<void> {
  while (segments(server).length < count) await sleep(10)
}

/** What the session says that it waits for, once it does. */
async function waiting(paceline: RunningPaceline): Promise<string[]> {
  for (;;) {
    const { stdout } = await paceline.run('status', '--json')
    const { sessions } = JSON.parse(stdout) as { sessions: { waitsFor: string[] }[] }
    if ((sessions[0]?.waitsFor.length ?? 0) > 0) return sessions[0]!.waitsFor
    await sleep(100)
  }
}
