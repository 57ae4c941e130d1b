import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { projectFolder, runPaceline } from '../fixture/paceline.ts'
import { eventually } from './fixture.ts'

let folder: string
let data: string
let own: string
const children: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-come-back-'))
  data = join(folder, 'head')
  own = join(folder, 'node')
})

afterEach(async () => {
  for (const child of children.splice(0).reverse()) await end(child, 'SIGINT')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

function start(...args: readonly string[]): { child: ChildProcess; log: () => string } {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const program = join(projectFolder, 'bin', 'paceline.js')
  const child = spawn(process.execPath, [program, ...args, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let log = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      log += `${line}\n`
    })
  }
  return { child, log: () => log }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

async function startHead() {
  const head = start('head', '--data', data, '--host', '127.0.0.1')
  await eventually('a head', () => head.log().includes('"api"'))
  return head
}

async function untilReady(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { stdout } = await runPaceline('--data', data, 'nodes', 'list', '--json')
    const [node] = JSON.parse(stdout || '[]') as { name: string; state: string }[]
    if (node?.state === 'ready') return
    await sleep(100)
  }
  throw new Error('the node has not come back')
}

it('a node comes back by itself after either side was cut off, and after both', async () => {
  const first = await startHead()
  const { stdout: token } = await runPaceline('--data', data, 'token', '--address', '127.0.0.1')
  const join = ['node', '--data', own, '--join', token.trim()] as const
  const node = start(...join)
  await untilReady()

  await end(first.child, 'SIGKILL')
  await eventually('the loss', () => node.log().includes('the connection to the head is lost'))
  const second = await startHead()
  await untilReady()

  await end(node.child, 'SIGKILL')
  // As its service starts it, with the token of long ago.
  const again = start(...join)
  await eventually('the node', () => again.log().includes('node is ready'))
  await untilReady()
  expect(again.log()).not.toContain('joined the head')

  await end(again.child, 'SIGKILL')
  await end(second.child, 'SIGKILL')
  // The board is up before its head, and knows by itself where that is.
  const early = start('node', '--data', own)
  await eventually('patience', () => early.log().includes('the head is not there yet'))
  await startHead()
  await untilReady()
})
