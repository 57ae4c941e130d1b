import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connectHead, type HeadLink } from '../../src/cluster/connect-head.ts'
import type { Beat, GrantOrder, NodeCredentials, Report } from '../../src/cluster/messages.ts'
import { keepNode } from '../../src/cluster/node-credentials.ts'
import { makeClip } from '../clips/make-clip.ts'
import { startTestCluster, type TestCluster } from '../cluster/cluster-fixture.ts'
import { type Compiled, compile } from './compiled.ts'
import {
  encodersOf,
  eventually,
  grantOrder,
  isRunning,
  leaseInput,
  pictureArgs,
  residentMegabytes,
} from './fixture.ts'
import { TestHead } from './test-head.ts'

let compiled: Compiled
let cluster: TestCluster
let head: TestHead
let link: HeadLink
const beats: Beat[] = []
const reports: Report[] = []
const nodes: ChildProcess[] = []

beforeAll(async () => {
  compiled = compile('test/node/node-host.ts')
  cluster = await startTestCluster()
  head = await TestHead.start(cluster.certificate, cluster.server.port)
  link = await connectHead(cluster.headAccess)
  await link.onBeats((beat) => void beats.push(beat))
  head.media[0] = readFileSync(await makeClip({ container: 'mkv' }))
  await link.serveReports((report) => void reports.push(report))
})

afterEach(async () => {
  for (const node of nodes.splice(0)) {
    if (node.exitCode === null && node.kill('SIGKILL')) await once(node, 'exit')
  }
})

afterAll(async () => {
  await link.close()
  await head.close()
  await cluster.close()
  compiled.remove()
})

interface RunningNode {
  readonly pid: number
  readonly token: NodeCredentials
  readonly process: ChildProcess
  readonly exited: Promise<unknown>
  log(): string
}

/** The folder of a node that has joined. */
async function folderOf({ seed, identity, ...joined }: NodeCredentials): Promise<string> {
  const folder = join(cluster.folder, joined.id)
  await keepNode(folder, { token: 'used', keys: { seed, identity, publicKey: '' }, joined })
  return folder
}

async function startNode(name: string): Promise<RunningNode> {
  const token = { ...(await cluster.admit(name)), head: head.url }
  head.node = token.identity
  // As on a board: nothing of this machine's variables that makes Node larger or slower.
  const child = spawn(process.execPath, [compiled.script('test/node/node-host.ts'), await folderOf(token)], {
    env: { PATH: process.env.PATH, PACELINE_PROOFS: 'off' },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  nodes.push(child)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const exited = once(child, 'close')
  await eventually(`a beat of ${name}`, () => beats.some((beat) => beat.node === token.id))
  return { pid: child.pid!, token, process: child, exited, log: () => log }
}

/** A lease on the film as a head compiles it: two segments. One without credit waits for ever. */
function filmOrder(change: Partial<GrantOrder>): GrantOrder {
  const attempt = change.attempt ?? 'a'
  const picture = [
    '-map',
    '0:0',
    '-an',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-force_key_frames',
    '0,2',
  ]
  const segments = ['-f', 'ssegment', '-segment_format', 'mpegts', '-segment_frames', '50']
  const args = ['-nostdin', '-v', 'error', '-i', '{input:0}', ...picture, ...segments]
  return grantOrder({
    args: [...args, '-segment_start_number', '0', '-progress', '{progress}', '{output}/%d'],
    inputs: [leaseInput(head, attempt, 0, 'film')],
    ...change,
  })
}

const reportOf = (attempt: string) =>
  eventually(`report of ${attempt}`, () => reports.find((report) => report.attempt === attempt))

test('a node carries out a lease over NATS and HTTPS, is small, and ends when told to', async () => {
  const node = await startNode('first')
  expect(beats.find((beat) => beat.node === node.token.id)).toMatchObject({
    name: 'first',
    version: '0.0.0',
    platforms: ['software'],
  })
  const order = filmOrder({ attempt: 'a' })
  expect(await link.sendOrder(node.token.id, order, 2_000)).toEqual({ answered: true, reply: { ok: true } })
  expect(await reportOf('a')).toMatchObject({ node: node.token.id, outcome: 'clean', next: 2 })
  expect(head.numbers('a')).toEqual([0, 1])
  expect(head.complaints).toEqual([])

  await sleep(1_000)
  const resident = residentMegabytes(node.pid)
  console.info(`a whole node after a lease: ${resident.toFixed(1)} MB resident`)
  expect(resident).toBeLessThan(80)

  const endless = filmOrder({ attempt: 'b', until: 0 })
  await link.sendOrder(node.token.id, endless, 2_000)
  const encoder = await eventually('ffmpeg', () => encodersOf(node.pid)[0])
  node.process.kill('SIGTERM')
  expect(await node.exited).toEqual([0, null])
  expect(isRunning(encoder)).toBe(false)
  expect(await reportOf('b')).toMatchObject({ outcome: 'stopped' })
  const words = node
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).message)
  expect(words).toEqual(['node is ready', 'order', 'lease over', 'order', 'lease over'])
  expect(node.log()).not.toContain(node.token.seed)
  expect(node.log()).not.toContain('PRIVATE KEY')
})

test('a node runs nothing that is not on its list, whoever orders it', async () => {
  const node = await startNode('careful')
  const stolen = join(cluster.folder, 'stolen')
  const orders = [
    filmOrder({ args: ['-i', '/etc/passwd', '-c', 'copy', '-f', 'data', stolen] }),
    filmOrder({ args: ['-y', ...filmOrder({}).args] }),
    grantOrder({ args: pictureArgs({ seconds: 1 }) }),
  ]
  for (const [index, order] of orders.entries()) {
    expect(await link.sendOrder(node.token.id, { ...order, attempt: `evil-${index}` }, 2_000)).toMatchObject({
      answered: true,
      reply: {
        ok: false,
        code: 'bad-order',
        message: expect.stringMatching(/not on the list|last argument/),
      },
    })
  }
  expect(encodersOf(node.pid)).toEqual([])
  expect(existsSync(stolen)).toBe(false)
})

test('a node that is removed ends its ffmpeg and says why', async () => {
  const node = await startNode('second')
  const order = filmOrder({ attempt: 'c', until: 0 })
  await link.sendOrder(node.token.id, order, 2_000)
  const encoder = await eventually('ffmpeg', () => encodersOf(node.pid)[0])
  expect(isRunning(encoder)).toBe(true)
  await cluster.credentials.remove(node.token.id)
  await cluster.server.setUsers(cluster.credentials.users())
  expect(await node.exited).toEqual([3, null])
  expect(isRunning(encoder)).toBe(false)
  expect(node.log()).toContain('The head no longer knows this node')
})

test.for([
  ['without ffmpeg', '/nowhere/ffmpeg', 'ffmpeg was not found'],
  ['whose ffmpeg encodes nothing', '/bin/false', 'ffmpeg can encode nothing here'],
])('a node %s ends and never appears at the head', async ([, ffmpeg, words]) => {
  const token = { ...(await cluster.admit(ffmpeg!.replaceAll('/', '-'))), head: head.url }
  const script = compiled.script('test/node/node-host.ts')
  const child = spawn(process.execPath, [script, await folderOf(token), ffmpeg!], {
    env: { PATH: process.env.PATH, PACELINE_PROOFS: 'off' },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  nodes.push(child)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  expect(await once(child, 'close')).toEqual([3, null])
  expect(log).toContain(words)
  expect(beats.some((beat) => beat.node === token.id)).toBe(false)
})
