import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { readFrames } from '../clips/read-frames.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { type LoneHead, startLoneHead } from './head-and-nodes.ts'

let folder: string
let head: LoneHead

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-responder-'))
})

afterEach(async () => {
  await head.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Status {
  readonly firstResponder: string
  readonly nodes: readonly { readonly name: string; readonly firstResponder?: true }[]
  readonly sessions: readonly { readonly publishedSegments: number }[]
  readonly recent: readonly { readonly segments: Readonly<Record<string, number>> }[]
}

async function status(): Promise<Status> {
  const { stdout } = await head.run('status', '--json')
  return JSON.parse(stdout) as Status
}

const nodeNames = async () => (await status()).nodes.map(({ name }) => name)

async function until(what: string, happened: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = performance.now() + 20_000
  while (!(await happened())) {
    if (performance.now() > giveUpAt) throw new Error(`not within 20 s: ${what}\n${head.log()}`)
    await sleep(50)
  }
}

const seconds = 40

/** A job that goes on only while it is not held, so that a test has time for what it does to its nodes. */
async function startJob() {
  let isHeld = false
  const server = await startPlexMediaServer({ throttle: () => isHeld })
  const mediaPath = await makeClip({ seconds, size: '640x360', audio: 'aac-48000' })
  const job = await startTranscoder({
    ...{ program: head.shim, server, mediaPath, sessions: folder, args: hlsArguments({ size: '640x360' }) },
    environment: { PACELINE_HEAD: head.door, PACELINE_ORIGINAL: '/bin/false' },
  })
  const announced = () =>
    new Set(server.requests.flatMap(({ body }) => body.match(/^media-\d+/gm) ?? [])).size
  const hold = (on: boolean): void => {
    isHeld = on
  }
  return { server, job, announced, hold }
}

/** Every frame of the film, once and in order. */
async function expectWhole({ server, job }: Awaited<ReturnType<typeof startJob>>): Promise<void> {
  const { exit } = await job.exited()
  expect(exit, head.log()).toBe(0)
  const segments = readdirSync(job.directory)
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
  const { frames } = await readFrames(segments.map((name) => join(job.directory, name)))
  expect(frames.map(({ number }) => number)).toEqual([...Array(seconds * 25).keys()])
  expect(server.problems()).toEqual([])
  await server.close()
}

it('bridges when the only node is killed, and hands over to one that joins', async () => {
  head = await startLoneHead()
  const node = await head.node('first')
  await until('the node is there', async () => (await nodeNames()).includes('first'))
  expect(await status()).toMatchObject({ firstResponder: 'resting', nodes: [{ name: 'first' }] })
  const job = await startJob()
  await until('two segments', () => job.announced() >= 2)
  job.hold(true)
  await node.kill()
  const before = job.announced()
  await until('the first responder comes', async () =>
    (await status()).nodes.some(({ firstResponder }) => firstResponder),
  )
  job.hold(false)
  await until('it makes segments', () => job.announced() > before)
  job.hold(true)
  await head.node('second')
  await until('the node is there', async () => (await nodeNames()).includes('second'))
  job.hold(false)
  await expectWhole(job)
  const { recent } = await status()
  expect(Object.keys(recent[0]!.segments)).toEqual(['first', 'first-responder', 'second'])
})

it('begins where no node is awake, until one arrives', async () => {
  head = await startLoneHead()
  const node = await head.node('sleepy')
  await until('the node is there', async () => (await nodeNames()).includes('sleepy'))
  await node.kill()
  await until('nobody is there', async () => (await nodeNames()).length === 0)
  const job = await startJob()
  await until('the first segment', () => job.announced() >= 1)
  job.hold(true)
  expect(await status()).toMatchObject({
    firstResponder: 'ready',
    nodes: [{ name: 'first-responder', firstResponder: true }],
  })
  await head.node('sleepy')
  await until('the node is there', async () => (await nodeNames()).includes('sleepy'))
  job.hold(false)
  await expectWhole(job)
  const { recent } = await status()
  expect(Object.keys(recent[0]!.segments)).toEqual(['first-responder', 'sleepy'])
  expect((await head.run('nodes', 'list')).stdout).toMatch(/^first-responder .* ready, first responder /m)
})
