import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openApiClient } from '../../src/cli/api-client.ts'
import type { HeadStatus } from '../../src/head/api/status.ts'
import { makeClip } from '../clips/make-clip.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { type LoneHead, startLoneHead } from './head-and-nodes.ts'

let folder: string
let mediaPath: string
let head: LoneHead

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-overload-'))
  mediaPath = await makeClip({ seconds: 60, size: '640x360', audio: 'aac-48000' })
  head = await startLoneHead('--overload', 'refuse')
})

afterAll(async () => {
  await head.stop()
  await rm(folder, { recursive: true, force: true })
})

const status = async (): Promise<HeadStatus> =>
  (await openApiClient(head.dataFolder)).get<HeadStatus>('/status')

const refusals = async () => (await status()).overload.choices.filter(({ choice }) => choice === 'refused')

async function until<T>(what: string, look: () => Promise<T | false> | T | false): Promise<T> {
  const giveUpAt = performance.now() + 30_000
  for (;;) {
    const seen = await look()
    if (seen !== false) return seen
    if (performance.now() > giveUpAt) throw new Error(`not within 30 s: ${what}\n${head.log()}`)
    await sleep(50)
  }
}

/** A film in 1080p, which its server wants no faster than it has to be while it is held. */
async function startJob() {
  const held = { is: true }
  const server = await startPlexMediaServer({ throttle: () => held.is })
  const job = await startTranscoder({
    ...{
      program: head.shim,
      server,
      mediaPath,
      sessions: folder,
      args: hlsArguments({ segmentSeconds: 1, size: '1920x1080' }),
    },
    environment: { PACELINE_HEAD: head.door, PACELINE_ORIGINAL: '/bin/false' },
  })
  const announced = () =>
    new Set(server.requests.flatMap(({ body }) => body.match(/^media-\d+/gm) ?? [])).size
  return { held, server, job, announced }
}

type Job = Awaited<ReturnType<typeof startJob>>

/** Whether it plays, once that is decided. */
const plays = (job: Job): Promise<'plays' | 'ended'> =>
  until('a decision', () => {
    if (job.job.child.exitCode !== null) return 'ended'
    return job.announced() > 0 && 'plays'
  })

it('films come until the nodes are full; those that play go on, one more is refused in time, and has room when one goes', async () => {
  await Promise.all(
    ['a', 'b'].map((name, core) => head.node(name, 'taskset', '-c', String(core % availableParallelism()))),
  )
  await until('two nodes of one core', async () => (await status()).nodes.length === 2)
  expect((await status()).nodes.map(({ cores }) => cores)).toEqual([1, 1])

  const playing: Job[] = []
  const jobs: Job[] = []
  let last: 'plays' | 'ended' = 'plays'
  // A core of any machine of today carries less than eight.
  while (last === 'plays' && jobs.length < 16) {
    const job = await startJob()
    jobs.push(job)
    last = await plays(job)
    if (last === 'plays') playing.push(job)
  }
  const refused = jobs.at(-1)!

  expect(playing.length).toBeGreaterThan(0)
  expect(last).toBe('ended')
  expect(refused.job.child.exitCode).toBe(1)
  expect(refused.server.requests.some(({ url }) => url.includes('/log?level=0'))).toBe(true)
  const [choice, ...more] = await refusals()
  expect(more).toEqual([])
  expect(choice!.detail).toMatch(/^E_OVERLOAD: it needs /)
  expect(choice!.waitedSeconds).toBeGreaterThanOrEqual(3)
  expect(choice!.waitedSeconds).toBeLessThan(8)
  expect((await head.run('status')).stdout).toContain('refused, E_OVERLOAD: ')

  expect((await status()).sessions).toHaveLength(playing.length)
  const [first] = playing
  const before = first!.announced()
  first!.held.is = false
  await until('more of the first film', () => first!.announced() > before)

  for (const { job } of playing) job.kill()
  await until('the end of those that were killed', async () => (await status()).sessions.length === 0)
  const late = await startJob()
  jobs.push(late)
  expect(await plays(late)).toBe('plays')
  late.job.kill()
  await Promise.all(jobs.map(({ server }) => server.close()))
})
