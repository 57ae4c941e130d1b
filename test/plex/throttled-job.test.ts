import { mkdtemp, rm } from 'node:fs/promises'
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
  folder = await mkdtemp(join(tmpdir(), 'paceline-throttled-'))
})

afterAll(async () => {
  await paceline.stop()
  await rm(folder, { recursive: true, force: true })
})

const pids = (): number[] => encodersBelow(paceline.pid).map(({ pid }) => pid)

describe('a job whose server asks it to slow down', () => {
  it('comes to rest on its nodes, and goes on in the same processes when the server does not ask any more', async () => {
    let isThrottled = false
    const server = await startPlexMediaServer({ throttle: () => isThrottled })
    const lastAnnounced = () =>
      server.requests.flatMap(({ body }) => body.match(/^media-\d+/gm) ?? []).at(-1) ?? ''
    const job = await startTranscoder({
      program: paceline.shim,
      server,
      args: hlsArguments(),
      mediaPath: await makeClip({ seconds: 300, size: '320x180', audio: 'aac-48000' }),
      sessions: folder,
      environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
    })
    while (lastAnnounced() < 'media-00003') await sleep(20)
    isThrottled = true
    while (!server.requests.some(({ url }) => url.includes('sloth'))) await sleep(20)
    const asked = Number(lastAnnounced().slice(6))
    await sleep(2_500)
    const [reached, resting] = [lastAnnounced(), pids()]
    // What was in hand on two nodes, and what waited for it.
    expect(Number(reached.slice(6)) - asked).toBeLessThan(12)
    expect(resting).not.toEqual([])
    await sleep(2_500)
    expect(lastAnnounced()).toBe(reached)
    expect(pids()).toEqual(resting)
    isThrottled = false
    while (lastAnnounced() === reached) await sleep(20)
    expect(pids().some((pid) => resting.includes(pid))).toBe(true)
    job.kill()
    expect((await job.exited()).signal).toBe('SIGKILL')
    expect(server.problems()).toEqual([])
    await server.close()
  })
})
