import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openCertificate } from '../../src/cluster/certificate.ts'
import { connectHead } from '../../src/cluster/connect-head.ts'
import { connectNode } from '../../src/cluster/connect-node.ts'
import { openCredentials } from '../../src/cluster/credentials.ts'
import { openLedger } from '../../src/cluster/ledger.ts'
import { startNatsChild } from '../../src/cluster/nats-child.ts'
import { makeNodeKeys } from '../../src/cluster/node-credentials.ts'
import { missingFeatures, serverFeaturesLine } from '../../src/cluster/server-features.ts'
import { until } from './cluster-fixture.ts'

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

  it('is entered by head and node, with the password in its address', async () => {
    const address = await startPlainServer('--user', 'me', '--pass', 'p@ss word')
    const url = address.replace('//', '//me:p%40ss%20word@')
    const folder = await temporaryFolder()
    const { certificate } = await openCertificate(folder)
    const credentials = await openCredentials(folder)
    const { seed, identity } = makeNodeKeys()
    const node = { id: 'guest', name: 'guest' }
    const token = { ...node, nats: url, seed, identity, head: 'https://x', certificate }
    const head = await connectHead({ url, seed: credentials.headSeed })
    const link = await connectNode(token)
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
