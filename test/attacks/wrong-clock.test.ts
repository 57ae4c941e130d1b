import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder, runPaceline } from '../fixture/paceline.ts'

const run = promisify(execFile)
const program = join(projectFolder, 'bin', 'paceline.js')

let folder: string
let library: string
const children: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-clock-'))
  library = join(folder, 'wrong-clock.so')
  const source = join(import.meta.dirname, 'wrong-clock.c')
  await run('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'])
})

afterEach(async () => {
  for (const child of children.splice(0).reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGINT')
    await once(child, 'exit')
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A process's environment in which it is `date`. */
function on(date: string): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env
  const offset = Math.round((Date.parse(date) - Date.now()) / 1_000)
  return { ...environment, LD_PRELOAD: library, WRONG_CLOCK_OFFSET: String(offset) }
}

async function start(
  date: string,
  args: readonly string[],
): Promise<{ firstLine: string; log: () => string }> {
  const child = spawn(process.execPath, [program, ...args], {
    env: on(date),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let log = ''
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve)
    createInterface({ input: child.stderr! }).on('line', (line) => {
      log += `${line}\n`
      if (line.includes('node is ready')) resolve(line)
    })
    child.once('exit', () => reject(new Error(log)))
  })
  return { firstLine: await ready, log: () => log }
}

it('the clock of a process is what the test says, also for OpenSSL', async () => {
  const script = 'console.log(new Date().getUTCFullYear())'
  const { stdout } = await run(process.execPath, ['-e', script], { env: on('1970-01-03T00:00:00Z') })
  expect(stdout.trim()).toBe('1970')
  // A certificate of the usual kind is refused to it as not yet valid: OpenSSL looks at the same clock.
  const key = join(folder, 'key.pem')
  const certificate = join(folder, 'cert.pem')
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '30']
  const openssl = await run('openssl', [...made, '-keyout', key, '-out', certificate]).catch(() => null)
  if (openssl === null) return
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }).listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ask = `require('node:tls').connect(${port}, 'localhost', { ca: require('node:fs').readFileSync('${certificate}') })
    .on('error', (error) => { console.log(error.code); process.exit() }).on('secureConnect', () => { console.log('taken'); process.exit() })`
  const asked = await run(process.execPath, ['-e', ask], { env: on('1970-01-03T00:00:00Z') })
  server.close()
  expect(asked.stdout.trim()).toBe('CERT_NOT_YET_VALID')
})

describe('head and node', () => {
  it.each([
    ['the node’s in 1970', '2026-06-01T00:00:00Z', '1970-01-01T00:00:20Z'],
    ['the head’s in 1970, the node’s in 2099', '1970-01-01T00:00:20Z', '2099-12-31T00:00:00Z'],
  ])('join and make a file with clocks that are decades apart: %s', async (_what, headDate, nodeDate) => {
    const data = await mkdtemp(join(folder, 'head-'))
    await start(headDate, ['head', '--json', '--host', '127.0.0.1', '--data', data])
    const { stdout: token } = await runPaceline('--data', data, 'token', '--address', '127.0.0.1')
    const own = await mkdtemp(join(folder, 'node-'))
    const node = await start(nodeDate, ['node', '--json', '--data', own, '--join', token.trim()])
    const clip = await makeClip({ container: 'mkv' })
    const out = join(data, 'out.mp4')
    const made = await runPaceline('--data', data, 'transcode', clip, out, '--json')
    expect([made.exit, made.stderr]).toEqual([0, ''])
    expect(node.log()).toContain(nodeDate.slice(0, 10))
    expect(node.log()).not.toMatch(/"level":"(warn|error)"/)
  })
})
