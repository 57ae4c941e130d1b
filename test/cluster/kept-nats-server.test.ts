import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Certificate, openCertificate } from '../../src/cluster/certificate.ts'
import { connectHead } from '../../src/cluster/connect-head.ts'
import { type Credentials, openCredentials } from '../../src/cluster/credentials.ts'
import { type KeptNatsServer, keepNatsServer } from '../../src/cluster/kept-nats-server.ts'
import { readNatsGreeting } from '../../src/cluster/nats-greeting.ts'
import { makeNodeKeys } from '../../src/cluster/node-credentials.ts'
import { until } from './cluster-fixture.ts'

let folder: string
let credentials: Credentials
let certificate: Certificate
let notices: string[]
let troubles: { code: string; where: string }[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-kept-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  credentials = await openCredentials(folder)
  certificate = await openCertificate(folder)
  notices = []
  troubles = []
})

async function keep({
  program,
  stableMs,
}: {
  program?: string
  stableMs?: number
} = {}): Promise<KeptNatsServer> {
  const server = await keepNatsServer({
    ...{ dataFolder: folder, port: 0, users: credentials.users(), certificate },
    ...(program !== undefined && { program }),
    ...(stableMs !== undefined && { stableMs }),
    onNotice: (message) => notices.push(message),
    onTrouble: ({ code, where }) => troubles.push({ code, where }),
  })
  onTestFinished(() => server.close())
  return server
}

async function answers(port: number): Promise<boolean> {
  return readNatsGreeting('127.0.0.1', port, 500).then(
    () => true,
    () => false,
  )
}

/** Milliseconds until another process answers on the same port. */
async function untilBack(server: KeptNatsServer, formerPid: number): Promise<number> {
  const startedMs = performance.now()
  await until(() => server.pid() !== formerPid, 10_000)
  while (!(await answers(server.port))) await sleep(2)
  return performance.now() - startedMs
}

/** A program that runs nats-server, as long as there is no file of that name beside it. */
async function breakableServer(): Promise<{ path: string; broken: string }> {
  const [path, broken] = [join(folder, 'breakable'), join(folder, 'broken')]
  const script = `#!/bin/sh\n[ -e '${broken}' ] && echo 'no luck today' >&2 && exit 3\nexec nats-server "$@"\n`
  await writeFile(path, script, { mode: 0o755 })
  return { path, broken }
}

describe('a kept nats-server', () => {
  it('is back on its port at once after a SIGKILL, with the same users', async () => {
    const server = await keep()
    const pid = server.pid()
    process.kill(pid, 'SIGKILL')
    // A tenth of a second, where nobody else wants the processor.
    expect(await untilBack(server, pid)).toBeLessThan(3_000)
    const head = await connectHead({ url: server.url, seed: credentials.headSeed, inTheClear: true })
    await head.close()
    expect(notices).toEqual(['nats-server has ended (SIGKILL): it is started again', 'nats-server is back'])
    expect([server.trouble(), troubles]).toEqual([null, []])
  })

  it('that hangs is killed and started again', async () => {
    const server = await keep()
    const pid = server.pid()
    process.kill(pid, 'SIGSTOP')
    // Two on a quiet machine.
    expect(await untilBack(server, pid)).toBeLessThan(6_000)
    expect(notices[0]).toBe('nats-server does not answer: it is started again')
  })

  it('that is well is left alone', async () => {
    const server = await keep()
    const pid = server.pid()
    await sleep(1_500)
    expect([server.pid(), notices]).toEqual([pid, []])
  })

  it('is gone once it has been closed, even in the middle of a start', async () => {
    const server = await keep()
    process.kill(server.pid(), 'SIGKILL')
    await until(() => notices.length > 0)
    await server.close()
    await sleep(300)
    expect(await answers(server.port)).toBe(false)
  })

  it('that keeps ending is started ever more patiently, and that is told once', async () => {
    const { path, broken } = await breakableServer()
    const server = await keep({ program: path })
    await writeFile(broken, '')
    process.kill(server.pid(), 'SIGKILL')
    await until(() => server.trouble() !== null)
    expect(server.trouble()).toBe('E_NATS_AWAY: no luck today')
    await sleep(1_000)
    expect(troubles).toEqual([{ code: 'E_NATS_AWAY', where: 'no luck today' }])
    await rm(broken)
    await until(() => server.trouble() === null, 5_000)
    expect(await answers(server.port)).toBe(true)
    expect(notices.at(-1)).toBe('nats-server is back')
  })

  it('that comes back and ends again and again is told, too, until it has run for a while', async () => {
    const server = await keep({ stableMs: 2_000 })
    for (let ends = 0; ends < 5; ends++) {
      expect(server.trouble()).toBeNull()
      const pid = server.pid()
      process.kill(pid, 'SIGKILL')
      await untilBack(server, pid)
    }
    expect(server.trouble()).toBe('E_NATS_AWAY: it has ended 5 times: has ended (SIGKILL)')
    expect(await until(() => server.trouble() === null, 15_000)).toBeGreaterThan(1_500)
    expect(troubles).toHaveLength(1)
  })

  it('waits for its port rather than take another', async () => {
    const server = await keep()
    const pid = server.pid()
    const squatter = createServer()
    onTestFinished(() => void squatter.close())
    process.kill(pid, 'SIGKILL')
    // Whoever is quicker: one of the first tries finds the port taken.
    while (!squatter.listening) {
      squatter.removeAllListeners()
      await new Promise<void>((resolve) => {
        squatter.once('error', () => resolve()).listen(server.port, '127.0.0.1', resolve)
      })
    }
    await until(() => server.trouble()?.includes('address already in use') ?? false, 10_000)
    squatter.close()
    await until(() => server.trouble() === null, 10_000)
    expect(await answers(server.port)).toBe(true)
  })
})

describe('what a kept nats-server has on the disk', () => {
  const store = () => join(folder, 'nats', 'store')

  it('begins empty when it cannot be read, at the first start, and is put aside', async () => {
    await mkdir(store(), { recursive: true })
    await writeFile(join(store(), 'jetstream'), 'no folder')
    const server = await keep()
    expect(await answers(server.port)).toBe(true)
    expect(troubles).toEqual([
      { code: 'E_NATS_STORE', where: expect.stringMatching(/storage directory.*store-refused/) },
    ])
    expect(await readFile(join(folder, 'nats', 'store-refused', 'jetstream'), 'utf8')).toBe('no folder')
    expect(server.trouble()).toBeNull()
  })

  it('begins empty when it broke while the server ran, and only the last one is kept', async () => {
    const server = await keep()
    for (const words of ['first', 'second']) {
      const pid = server.pid()
      await rm(store(), { recursive: true })
      await writeFile(store(), words)
      process.kill(pid, 'SIGKILL')
      await untilBack(server, pid)
    }
    expect(troubles.map(({ code }) => code)).toEqual(['E_NATS_STORE', 'E_NATS_STORE'])
    expect(await readFile(join(folder, 'nats', 'store-refused'), 'utf8')).toBe('second')
    expect(await readdir(store())).toEqual(['jetstream'])
  })

  it('is not touched when something else keeps the server from starting', async () => {
    const { path, broken } = await breakableServer()
    const server = await keep({ program: path })
    await writeFile(join(store(), 'kept'), '')
    await writeFile(broken, '')
    process.kill(server.pid(), 'SIGKILL')
    await until(() => server.trouble() !== null)
    expect(await readdir(store())).toContain('kept')
  })
})

describe('the users of a kept nats-server', () => {
  async function admitted(name: string) {
    const { seed, publicKey } = makeNodeKeys()
    await credentials.admit({ name, publicKey, fingerprint: name, ifNameIsKnown: 'replace' })
    return seed
  }
  const enters = async (server: KeptNatsServer, seed: string): Promise<boolean> =>
    connectHead({ url: server.url, seed, inTheClear: true }).then(
      async (link) => {
        await link.close()
        return true
      },
      () => false,
    )

  it('can be changed while it runs, and are the same after a restart', async () => {
    const server = await keep()
    const seed = await admitted('one')
    await server.setUsers(credentials.users())
    const pid = server.pid()
    process.kill(pid, 'SIGKILL')
    await untilBack(server, pid)
    expect(await enters(server, seed)).toBe(true)
  })

  it('can be changed while it is away or starting', async () => {
    const server = await keep()
    const seeds: string[] = []
    const pid = server.pid()
    process.kill(pid, 'SIGKILL')
    const back = untilBack(server, pid)
    let isBack = false
    void back.then(() => {
      isBack = true
    })
    for (let n = 0; !isBack && n < 50; n++) {
      seeds.push(await admitted(`node-${n}`))
      await server.setUsers(credentials.users())
    }
    await back
    for (const seed of seeds) expect(await enters(server, seed)).toBe(true)
    expect(seeds.length).toBeGreaterThan(1)
  })

  it('stay the former ones when the new are refused', async () => {
    const server = await keep()
    const users = { ...credentials.users(), nodes: [{ id: 'x', publicKey: 'not a key' }] }
    await expect(server.setUsers(users)).rejects.toMatchObject({ code: 'E_NATS_START' })
    const pid = server.pid()
    process.kill(pid, 'SIGKILL')
    expect(await untilBack(server, pid)).toBeLessThan(2_000)
    expect(await enters(server, credentials.headSeed)).toBe(true)
  })
})
