import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { encodersBelow } from '../head/process-tree.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { hlsArguments } from './hls-arguments.ts'

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

/** Starts a job that takes long, and waits until encoders run and something is announced. */
async function startLongJob() {
  const server = await startPlexMediaServer()
  const mediaPath = await makeClip({ seconds: 120, size: '1280x720', audio: 'aac-48000' })
  const environment = { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' }
  const args = hlsArguments({ size: '1920x1080' })
  const job = await startTranscoder({
    program: paceline.shim,
    server,
    args,
    mediaPath,
    sessions: folder,
    environment,
  })
  const isAnnounced = () => server.requests.some(({ body }) => /^media-/m.test(body))
  while (!isAnnounced() || encodersBelow(paceline.pid).length === 0) await sleep(20)
  return { server, job }
}

describe('a shim that is killed', () => {
  it('takes every encoder with it within half a second, and leaves no session and no staged file', async () => {
    const { server, job } = await startLongJob()
    job.kill()
    const killedAt = performance.now()
    while (encodersBelow(paceline.pid).length > 0) await sleep(5)
    expect(performance.now() - killedAt).toBeLessThan(500)
    // What was on its way to the server arrives yet.
    await sleep(300)
    const sentBefore = server.requests.length
    await sleep(1_200)
    expect(server.requests.length).toBe(sentBefore)
    const { stdout } = await paceline.run('status', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ sessions: [] })
    const staged = await readdir(join(paceline.dataFolder, 'staging'), {
      recursive: true,
      withFileTypes: true,
    })
    expect(staged.filter((entry) => entry.isFile())).toEqual([])
    await server.close()
  })

  it('does not keep the next job of the same session waiting', async () => {
    const first = await startLongJob()
    first.job.kill()
    const second = await startLongJob()
    second.job.kill()
    expect((await second.job.exited()).signal).toBe('SIGKILL')
    await Promise.all([first.server.close(), second.server.close()])
  })
})
