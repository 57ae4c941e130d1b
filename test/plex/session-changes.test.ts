import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { encodersBelow } from '../head/process-tree.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { hlsArguments } from './hls-arguments.ts'

let paceline: RunningPaceline
let folder: string
let mediaPath: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 2 })
  folder = await mkdtemp(join(tmpdir(), 'paceline-changes-'))
  mediaPath = await makeClip({ seconds: 120, size: '1280x720', audio: 'aac-48000' })
})

beforeEach(async () => {
  while (encodersBelow(paceline.pid).length > 0) await sleep(20)
})

afterAll(async () => {
  await paceline.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A job of the session `s-1` under an id of its own, with a server that sees it alone. */
async function startJob(wish: Parameters<typeof hlsArguments>[0], session = 's-1') {
  const server = await startPlexMediaServer()
  const job = await startTranscoder({
    ...{ program: paceline.shim, server, mediaPath, sessions: folder, session, args: hlsArguments(wish) },
    environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
  })
  const announced = () => [
    ...new Set(server.requests.flatMap(({ body }) => body.match(/^media-\d+/gm) ?? [])),
  ]
  const reaches = async (count: number) => {
    while (announced().length < count) {
      if (job.child.exitCode !== null) throw new Error(`the job ended with ${job.child.exitCode}`)
      await sleep(10)
    }
  }
  const end = async () => {
    job.kill()
    await job.exited()
    await server.close()
  }
  return { server, job, announced, reaches, end }
}

const pids = (): number[] => encodersBelow(paceline.pid).map(({ pid }) => pid)

describe('a seek', () => {
  it('takes the nodes from the old job within half a second, and the new one does not wait for that', async () => {
    const old = await startJob({ size: '1280x720' })
    await old.reaches(1)
    const before = pids()
    expect(before).not.toEqual([])
    old.job.kill()
    const killedAt = performance.now()
    const sought = await startJob({ size: '1280x720', seek: 60 })
    while (pids().some((pid) => before.includes(pid))) await sleep(2)
    expect(performance.now() - killedAt).toBeLessThan(500)
    await sought.reaches(1)
    expect(sought.announced()[0]).toBe('media-00030')
    // Nothing of the old job comes to its server any more.
    const seen = old.server.requests.length
    await sleep(300)
    expect(old.server.requests.length).toBe(seen)
    await Promise.all([old.end(), sought.end()])
    expect(sought.server.problems()).toEqual([])
  })
})

describe('a change of quality', () => {
  it('goes on under the same session with segments of another size and length', async () => {
    const first = await startJob({ size: '640x360' })
    await first.reaches(2)
    first.job.kill()
    const second = await startJob({ size: '320x180', segmentSeconds: 3, seek: 6 })
    await second.reaches(3)
    expect(second.announced().slice(0, 3)).toEqual(['media-00002', 'media-00003', 'media-00004'])
    await Promise.all([first.end(), second.end()])
    expect(second.server.problems()).toEqual([])
  })
})

describe('two jobs of one client', () => {
  it('are carried out beside each other, and the end of one does not touch the other', async () => {
    const [one, other] = await Promise.all([
      startJob({ size: '640x360' }),
      startJob({ size: '320x180', seek: 40 }, 's-2'),
    ])
    await Promise.all([one.reaches(2), other.reaches(2)])
    one.job.kill()
    const reached = other.announced().length
    await other.reaches(reached + 3)
    await Promise.all([one.end(), other.end()])
    expect(other.server.problems()).toEqual([])
  })
})

describe('a working directory that is removed under a running job', () => {
  it('ends that job with a failure, leaves no encoder, and does no harm to another', async () => {
    const [lost, other] = await Promise.all([
      startJob({ size: '640x360' }),
      startJob({ size: '320x180', seek: 20 }, 's-2'),
    ])
    await Promise.all([lost.reaches(2), other.reaches(1)])
    await rm(lost.job.directory, { recursive: true })
    expect((await lost.job.exited()).exit).not.toBe(0)
    const reached = other.announced().length
    await other.reaches(reached + 2)
    await Promise.all([lost.end(), other.end()])
    const endedAt = performance.now()
    while (pids().length > 0) await sleep(10)
    expect(performance.now() - endedAt).toBeLessThan(1_000)
    const { stdout } = await paceline.run('status', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ sessions: [] })
  })
})
