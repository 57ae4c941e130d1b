import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { encodersBelow } from '../head/process-tree.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { hlsArguments } from './hls-arguments.ts'

const jobs = 100

let paceline: RunningPaceline
let folder: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 2 })
  folder = await mkdtemp(join(tmpdir(), 'paceline-killed-'))
})

afterAll(async () => {
  await paceline.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Starts a job, kills its shim at some moment of its life, and says after how many milliseconds no encoder is left. */
async function killOne(mediaPath: string, number: number): Promise<number> {
  const server = await startPlexMediaServer()
  const job = await startTranscoder({
    ...{ program: paceline.shim, server, mediaPath, sessions: folder },
    args: hlsArguments({ size: '1280x720', ...(number % 2 === 1 && { seek: 60 }) }),
    environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
  })
  const isAnnounced = () => server.requests.some(({ body }) => /^media-/m.test(body))
  // Every third is killed as soon as its encoders run, the others once something has been announced.
  while ((number % 3 !== 0 && !isAnnounced()) || encodersBelow(paceline.pid).length === 0) await sleep(10)
  job.kill()
  const killedAt = performance.now()
  while (encodersBelow(paceline.pid).length > 0) await sleep(2)
  const milliseconds = performance.now() - killedAt
  await job.exited()
  await server.close()
  return milliseconds
}

describe('a hundred sessions whose shim is killed, one after the other', () => {
  it('leave no encoder after half a second at p95 and two seconds at most, and nothing of them anywhere', async () => {
    const mediaPath = await makeClip({ seconds: 120, size: '1280x720', audio: 'aac-48000' })
    const times: number[] = []
    for (let number = 0; number < jobs; number += 1) times.push(await killOne(mediaPath, number))
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.min(jobs - 1, Math.ceil(share * jobs) - 1)]!
    const [p50, p95, most] = [0.5, 0.95, 1].map((share) => Math.round(at(share)))
    process.stdout.write(
      `SIGKILL of the shim to the last encoder gone: p50 ${p50} ms, p95 ${p95} ms, max ${most} ms\n`,
    )
    expect(p95).toBeLessThan(500)
    expect(most).toBeLessThan(2_000)
    // None that began after its session was over either.
    await sleep(2_000)
    expect(encodersBelow(paceline.pid)).toEqual([])
    const { stdout } = await paceline.run('status', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ sessions: [] })
    const staged = await readdir(join(paceline.dataFolder, 'staging'), {
      recursive: true,
      withFileTypes: true,
    })
    expect(staged.filter((entry) => entry.isFile())).toEqual([])
  })
})
