import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openCertificate } from '../../src/cluster/certificate.ts'
import { connectHead } from '../../src/cluster/connect-head.ts'
import { connectNode } from '../../src/cluster/connect-node.ts'
import { openCredentials } from '../../src/cluster/credentials.ts'
import { decodeJoinToken, encodeJoinToken } from '../../src/cluster/join-token.ts'
import { openLedger } from '../../src/cluster/ledger.ts'
import { startNatsChild } from '../../src/cluster/nats-child.ts'
import { startNatsServer } from '../../src/cluster/nats-server.ts'
import { missingFeatures, serverFeaturesLine } from '../../src/cluster/server-features.ts'
import { beatOf, until } from './cluster-fixture.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-other-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A server as somebody might have it already: no TLS, JetStream on, perhaps a password. */
async function startPlainServer(...more: readonly string[]): Promise<string> {
  const store = await temporaryFolder()
  const child = await startNatsChild('nats-server', [
    '-a',
    '127.0.0.1',
    '-p',
    '-1',
    '-js',
    '-sd',
    store,
    ...more,
  ])
  onTestFinished(async () => {
    child.signal('SIGKILL')
    await child.ended
  })
  const listening = () => child.lastWords().find((line) => line.includes('Listening for client connections'))
  await until(
    () => listening() !== undefined && child.lastWords().some((line) => line.includes('Server is ready')),
  )
  return `nats://${/127\.0\.0\.1:\d+/.exec(listening()!)![0]}`
}

const parse = (value: unknown) => value

describe('a NATS server that was there before', () => {
  it('serves head and ledger without TLS and without users', async () => {
    const url = await startPlainServer()
    const head = await connectHead({ url })
    const ledger = await openLedger({ url }, { writer: 'w', parseSession: parse, parseLease: parse })
    expect(await ledger.sessions.create('s', { n: 1 })).toEqual({ ok: true })
    expect(await head.sendOrder('nobody', { type: 'cancel', attempt: 'a' }, 1_000)).toMatchObject({
      why: 'no-responders',
    })
    await Promise.all([head.close(), ledger.close()])
  })

  it('serves with user and password, and refuses a wrong one by name of the server, not of the password', async () => {
    const url = await startPlainServer('--user', 'me', '--pass', 'open sesame')
    const head = await connectHead({ url, user: 'me', password: 'open sesame' })
    expect(head.isUp()).toBe(true)
    await head.close()
    const refused = connectHead({ url, user: 'me', password: 'wrong-password' }).catch(
      (error: Error) => error,
    )
    expect(await refused).toMatchObject({
      code: 'E_NATS_CONNECT',
      message: expect.stringMatching(/127\.0\.0\.1:\d+: .*Authorization/i),
    })
    expect(String(await refused)).not.toContain('wrong-password')
  })

  it('is entered by head and node with the same token as our own, and with the password in its address', async () => {
    const address = await startPlainServer('--user', 'me', '--pass', 'p@ss word')
    const url = address.replace('//', '//me:p%40ss%20word@')
    const folder = await temporaryFolder()
    const { certificate } = await openCertificate(folder)
    const credentials = await openCredentials(folder)
    const { node, seed } = await credentials.issue('guest')
    const token = { ...node, nats: url, seed, head: 'https://x', certificate, foreignNats: true } as const
    const head = await connectHead({ url, seed: credentials.headSeed })
    const link = await connectNode(decodeJoinToken(encodeJoinToken(token)))
    await link.serveOrders(() => ({ ok: true }))
    expect(await head.sendOrder(node.id, { type: 'cancel', attempt: 'a' }, 1_000)).toMatchObject({
      answered: true,
    })
    await Promise.all([link.close(), head.close()])
    await expect(connectNode({ ...token, nats: address })).rejects.toMatchObject({ code: 'E_NATS_CONNECT' })
  })

  it('that nobody runs is told with its address', async () => {
    await expect(connectHead({ url: 'nats://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'E_NATS_CONNECT',
      message: expect.stringContaining('127.0.0.1:1: connection refused'),
    })
  })

  it('tells in one line what a newer one would add', async () => {
    const head = await connectHead({ url: await startPlainServer() })
    const line = serverFeaturesLine(head.serverVersion)
    expect(line).toContain(`nats-server ${head.serverVersion}`)
    for (const { feature } of missingFeatures(head.serverVersion)) expect(line).toContain(feature)
    await head.close()
  })
})

describe('one door', () => {
  it('passes what is inside TLS on to a server on loopback', async () => {
    const folder = await temporaryFolder()
    const certificate = await openCertificate(folder)
    const credentials = await openCredentials(folder)
    const { node, seed } = await credentials.issue('behind')
    const listen = { host: '127.0.0.1', port: 0 }
    const users = credentials.users()
    const server = await startNatsServer({ dataFolder: folder, listen, users, certificate, behindDoor: true })
    onTestFinished(server.close)
    const protocols: (string | false | null)[] = []
    const door = createServer(
      { cert: certificate.certificate, key: certificate.key, ALPNProtocols: ['nats', 'http/1.1'] },
      (outside) => {
        protocols.push(outside.alpnProtocol)
        const inside = connectTcp(server.port, '127.0.0.1')
        outside.pipe(inside).pipe(outside)
        outside.on('error', () => inside.destroy())
        inside.on('error', () => outside.destroy())
      },
    )
    door.listen(0, '127.0.0.1')
    await once(door, 'listening')
    onTestFinished(() => void door.close())
    const { port } = door.address() as { port: number }

    const trusted = { certificate: certificate.certificate }
    const head = await connectHead({ url: server.url, seed: credentials.headSeed, ...trusted })
    const heard: string[] = []
    await head.onBeats((beat) => void heard.push(beat.node))
    const token = { ...node, ...trusted, nats: `tls://127.0.0.1:${port}`, seed, head: 'https://x' }
    const link = await connectNode(token)
    await link.serveOrders(() => ({ ok: true }))
    link.publishBeat(beatOf(node.id))
    await until(() => heard.length > 0)
    expect(heard).toEqual([node.id])
    expect(await head.sendOrder(node.id, { type: 'cancel', attempt: 'a' }, 1_000)).toMatchObject({
      answered: true,
    })
    expect(protocols).toEqual(['nats'])
    await Promise.all([link.close(), head.close()])
  })
})
