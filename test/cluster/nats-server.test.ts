import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect as connectTcp, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { makeCertificate, openCertificate } from '../../src/cluster/certificate.ts'
import { connectHead } from '../../src/cluster/connect-head.ts'
import { connectNode } from '../../src/cluster/connect-node.ts'
import { openCredentials } from '../../src/cluster/credentials.ts'
import { readNatsGreeting } from '../../src/cluster/nats-greeting.ts'
import {
  type NatsServerOptions,
  type RunningNatsServer,
  startNatsServer,
} from '../../src/cluster/nats-server.ts'
import { startTestCluster, until } from './cluster-fixture.ts'

let folder: string
let options: NatsServerOptions

beforeEach(async () => {
  // A folder with a space, a quote and a letter beyond ASCII: all of it goes through the configuration file.
  folder = await mkdtemp(join(tmpdir(), 'paceline "nats" é-'))
  const credentials = await openCredentials(folder)
  const certificate = await openCertificate(folder)
  options = {
    dataFolder: folder,
    port: 0,
    users: credentials.users(),
    certificate,
  }
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function start(more: Partial<NatsServerOptions> = {}): Promise<RunningNatsServer> {
  const server = await startNatsServer({ ...options, ...more })
  onTestFinished(() => server.close())
  return server
}

/** Everything the server says to somebody who speaks NATS without TLS. */
async function connectTcpAndSpeak(port: number, words: string): Promise<string> {
  const socket = connectTcp(port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  const said: Buffer[] = []
  socket.on('data', (bytes) => said.push(bytes))
  socket.write(words)
  await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(said).toString('latin1')
}

/** A process that has ended but that nobody has collected is not alive. */
const isAlive = (pid: number) => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('a started nats-server', () => {
  it('answers on the port the kernel chose, with JetStream and its own identity', async () => {
    const server = await start()
    const greeting = await readNatsGreeting('127.0.0.1', server.port, 1_000)
    expect(greeting).toMatchObject({ serverId: server.serverId, tlsRequired: false, jetStream: true })
    expect(server.version).toMatch(/^2\.\d+\.\d+/)
    expect(server.url).toBe(`nats://127.0.0.1:${server.port}`)
  })

  it('keeps its configuration from other users', async () => {
    await start()
    const path = join(folder, 'nats', 'nats-server.conf')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).not.toMatch(/"SU[A-Z2-7]{56}"/)
  })

  it('is gone once it has been closed, however often', async () => {
    const server = await start()
    expect(isAlive(server.pid)).toBe(true)
    await Promise.all([server.close(), server.close()])
    expect(isAlive(server.pid)).toBe(false)
    await expect(readNatsGreeting('127.0.0.1', server.port, 500)).rejects.toThrow()
  })

  it('says when it ends unasked', async () => {
    const server = await start()
    process.kill(server.pid, 'SIGKILL')
    expect(await server.ended).toEqual({ exitCode: null, signal: 'SIGKILL' })
  })

  it('listens on loopback alone', async () => {
    const server = await start()
    expect(server.url).toBe(`nats://127.0.0.1:${server.port}`)
    // 127.0.0.2 is this machine too, and stands here for every other address of it.
    await expect(readNatsGreeting('127.0.0.2', server.port, 1_000)).rejects.toThrow()
  })

  it('takes nobody without a key', async () => {
    const server = await start()
    const said = await connectTcpAndSpeak(server.port, 'CONNECT {"verbose":false}\r\nPING\r\n')
    expect(said).toContain('Authorization Violation')
  })

  it('runs twice beside itself on two ports', async () => {
    const other = await mkdtemp(join(tmpdir(), 'paceline-nats-'))
    onTestFinished(() => rm(other, { recursive: true, force: true }))
    const [one, two] = [await start(), await start({ dataFolder: other })]
    expect(one.port).not.toBe(two.port)
    expect(one.serverId).not.toBe(two.serverId)
  })
})

describe('a nats-server that cannot start', () => {
  it('because the program is missing says which', async () => {
    const failing = startNatsServer({ ...options, program: join(folder, 'no-such-server') })
    await expect(failing).rejects.toMatchObject({
      code: 'E_NATS_START',
      message: expect.stringContaining('no-such-server'),
      hint: expect.stringContaining('apt-get install nats-server'),
    })
  })

  it('because the port is taken says so', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void squatter.close())
    await until(() => squatter.listening)
    const { port } = squatter.address() as { port: number }
    await expect(startNatsServer({ ...options, port })).rejects.toMatchObject({
      code: 'E_NATS_START',
      where: expect.stringMatching(new RegExp(`${port}.*address already in use`)),
      hint: expect.stringContaining('another port'),
    })
  })

  it('because its configuration is wrong repeats its words', async () => {
    const users = { ...options.users, head: 'not a key' }
    await expect(startNatsServer({ ...options, users })).rejects.toMatchObject({
      code: 'E_NATS_START',
      where: expect.stringContaining('Not a valid public nkey'),
    })
  })

  it('because another program under its name does something else leaves no process', async () => {
    const impostor = join(folder, 'impostor')
    await writeFile(impostor, '#!/bin/sh\necho "unknown option" >&2\nexit 3\n', { mode: 0o755 })
    await expect(startNatsServer({ ...options, program: impostor })).rejects.toMatchObject({
      code: 'E_NATS_START',
      where: 'unknown option',
    })
  })
})

describe('changing the users of a running server', () => {
  it('lets a new node in, cuts a removed one off within a second, and disturbs nobody else', async () => {
    const cluster = await startTestCluster()
    onTestFinished(() => cluster.close())
    let headWentDown = false
    const head = await connectHead(cluster.headAccess, {
      onDown: () => {
        headWentDown = true
      },
    })
    onTestFinished(() => head.close())
    const leaving = await cluster.admit('leaving')
    const staying = await cluster.admit('staying')
    const [one, two] = [await connectNode(leaving), await connectNode(staying)]
    onTestFinished(() => Promise.all([one.close(), two.close()]).then(() => undefined))
    await one.serveOrders(() => ({ ok: true }))
    await two.serveOrders(() => ({ ok: true }))
    let end: Error | undefined
    one.closed.then((error) => {
      end = error
    })

    expect(await cluster.credentials.remove(leaving.id)).toBe(true)
    await cluster.server.setUsers(cluster.credentials.users())

    expect(await until(() => !one.isUp())).toBeLessThan(1_000)
    expect(String(await until(() => end !== undefined).then(() => end))).toMatch(/Authorization Violation/i)
    const cancel = { type: 'cancel', attempt: 'a1' } as const
    expect(await head.sendOrder(leaving.id, cancel, 1_000)).toMatchObject({ why: 'no-responders' })
    expect(await head.sendOrder(staying.id, cancel, 1_000)).toMatchObject({ answered: true })
    expect(headWentDown).toBe(false)
    await expect(connectNode(leaving)).rejects.toMatchObject({ code: 'E_NODE_REMOVED' })
  })

  it('voids the keys of a node whose name is given to another', async () => {
    const cluster = await startTestCluster()
    onTestFinished(() => cluster.close())
    const former = await cluster.admit('twice')
    const latter = await cluster.admit('twice')
    expect(latter.id).toBe(former.id)
    await expect(connectNode(former)).rejects.toMatchObject({ code: 'E_NODE_REMOVED' })
    const node = await connectNode(latter)
    await node.close()
  })

  it('works for many changes at once, the last one counting', async () => {
    const cluster = await startTestCluster()
    onTestFinished(() => cluster.close())
    const nodes = await Promise.all(['a', 'b', 'c'].map((name) => cluster.admit(name)))
    for (const node of nodes) await (await connectNode(node)).close()
  })

  it('is refused in the server’s words when a key is wrong, and the old users stay', async () => {
    const server = await start()
    const users = { ...options.users, nodes: [{ id: 'x', publicKey: 'not a key' }] }
    await expect(server.setUsers(users)).rejects.toMatchObject({
      code: 'E_NATS_START',
      where: expect.stringContaining('Not a valid public nkey'),
    })
    const credentials = await openCredentials(folder)
    const head = await connectHead({ url: server.url, seed: credentials.headSeed, inTheClear: true })
    await head.close()
  })
})

describe('trust', () => {
  it('is refused to a server with another certificate, even for the same names', async () => {
    const cluster = await startTestCluster()
    onTestFinished(() => cluster.close())
    const token = await cluster.admit('careful')
    const { certificate } = makeCertificate()
    await expect(connectNode({ ...token, certificate })).rejects.toMatchObject({
      code: 'E_NATS_CONNECT',
      message: expect.stringMatching(/self-signed certificate|another certificate/),
    })
  })

  it('does not depend on the name or address that the certificate carries', async () => {
    const cluster = await startTestCluster()
    onTestFinished(() => cluster.close())
    const credentials = await cluster.admit('elsewhere')
    // 127.0.0.2 is this machine too, and no name of the certificate.
    const way = createServer((outside) => {
      const inside = connectTcp(cluster.port.port, '127.0.0.1')
      outside.pipe(inside).pipe(outside)
    }).listen(0, '127.0.0.2')
    await until(() => way.listening)
    onTestFinished(() => void way.close())
    const { port } = way.address() as { port: number }
    const node = await connectNode({ ...credentials, head: `https://127.0.0.2:${port}` })
    expect(node.isUp()).toBe(true)
    await node.close()
  })
})

describe('a head that dies by SIGKILL', () => {
  it('takes its nats-server with it', async () => {
    const run = promisify(execFile)
    await run('setpriv', ['--version']).catch(() =>
      expect.fail('setpriv (util-linux) is needed for this promise'),
    )
    const script = join(folder, 'parent.mjs')
    const child = new URL('../../src/cluster/nats-child.ts', import.meta.url)
    await writeFile(script, await parentProgram(child))
    const killed = await run(process.execPath, [script]).catch(
      (error: { signal: string; stdout: string }) => error,
    )
    expect(killed).toMatchObject({ signal: 'SIGKILL' })
    const pid = Number(killed.stdout)
    expect(pid).toBeGreaterThan(1)
    await until(() => !isAlive(pid), 2_000)
  })
})

/** A program that starts nats-server as the head does, prints its pid and kills itself. */
async function parentProgram(module: URL): Promise<string> {
  const { default: typescript } = await import('typescript')
  const source = await readFile(module, 'utf8')
  const { outputText } = typescript.transpileModule(source, {
    compilerOptions: { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2023 },
  })
  return `${outputText}
const child = await startNatsChild('nats-server', ['--addr', '127.0.0.1', '--port', '-1'])
process.stdout.write(String(child.pid), () => process.kill(process.pid, 'SIGKILL'))
`
}
