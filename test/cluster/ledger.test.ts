import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Ledger, type LedgerOptions, openLedger } from '../../src/cluster/ledger.ts'
import type { LedgerFailure } from '../../src/cluster/ledger-result.ts'
import { type RunningNatsServer, startNatsServer } from '../../src/cluster/nats-server.ts'
import { createWriteBehind } from '../../src/cluster/write-behind.ts'
import { startTestCluster, type TestCluster, until } from './cluster-fixture.ts'

interface Row {
  readonly n: number
}

let cluster: TestCluster
let server: RunningNatsServer

beforeEach(async () => {
  cluster = await startTestCluster()
  server = cluster.server
})

afterEach(() => cluster.close())

const parse = (value: unknown): Row | undefined =>
  typeof (value as Row | undefined)?.n === 'number' ? (value as Row) : undefined

async function open(more: Partial<LedgerOptions<Row, Row>> = {}): Promise<Ledger<Row, Row>> {
  const options = { writer: randomUUID(), parseSession: parse, parseLease: parse, ...more }
  const ledger = await openLedger(cluster.ledgerAccess, options)
  onTestFinished(() => ledger.close())
  return ledger
}

/** Ends the server and starts one in its place: same folder, same port, same users. */
async function replaceServer(between: () => Promise<void> = async () => undefined): Promise<void> {
  await server.close()
  await between()
  server = await startNatsServer({
    dataFolder: cluster.folder,
    port: cluster.server.port,
    users: cluster.credentials.users(),
    certificate: cluster.certificate,
  })
  onTestFinished(server.close)
}

/** Stops the process, and waits until each of its threads stands still. */
async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  const threads = readdirSync(`/proc/${pid}/task`)
  const stands = (thread: string) =>
    /^\d+ \(.*\) T/.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))
  await until(() => threads.every(stands))
}

async function connectToStore(): Promise<NatsConnection> {
  const connection = await connect({
    servers: cluster.server.url,
    authenticator: nkeyAuthenticator(Buffer.from(cluster.credentials.ledgerSeed)),
    tls: { ca: cluster.certificate.certificate },
  })
  onTestFinished(() => connection.close())
  return connection
}

const emptyStore = () => rm(join(cluster.folder, 'nats', 'store'), { recursive: true })

const entriesOf = async (ledger: Ledger<Row, Row>) => {
  const loaded = await ledger.leases.load()
  return loaded.ok ? Object.fromEntries(loaded.entries) : loaded
}

describe('the ledger', () => {
  it('gives back what was created, updated and removed', async () => {
    const { leases, sessions } = await open()
    expect(await leases.create('a', { n: 1 })).toEqual({ ok: true })
    expect(await leases.create('b.1', { n: 2 })).toEqual({ ok: true })
    expect(await leases.update('a', { n: 3 })).toEqual({ ok: true })
    expect(await leases.update('a', { n: 4 })).toEqual({ ok: true })
    expect(await leases.remove('b.1')).toEqual({ ok: true })
    expect(await sessions.create('a', { n: 5 })).toEqual({ ok: true })
    const other = await open()
    expect(await entriesOf(other)).toEqual({ a: { n: 4 } })
    expect(await other.sessions.load()).toEqual({ ok: true, entries: new Map([['a', { n: 5 }]]) })
  })

  it('answers a stale writer with a conflict and keeps what the other wrote', async () => {
    const [former, latter] = [await open(), await open()]
    await former.leases.create('a', { n: 1 })
    await latter.leases.load()
    expect(await latter.leases.update('a', { n: 2 })).toEqual({ ok: true })
    expect(await former.leases.update('a', { n: 3 })).toMatchObject({ ok: false, code: 'conflict' })
    expect(await former.leases.create('a', { n: 4 })).toMatchObject({ ok: false, code: 'conflict' })
    expect(await entriesOf(latter)).toEqual({ a: { n: 2 } })
  })

  it('does not let a stale writer remove a key', async () => {
    const [former, latter] = [await open(), await open()]
    await former.leases.create('a', { n: 1 })
    await latter.leases.load()
    await latter.leases.update('a', { n: 2 })
    expect(await former.leases.remove('a')).toMatchObject({ ok: false, code: 'conflict' })
    expect(await entriesOf(latter)).toEqual({ a: { n: 2 } })
  })

  it('says that a key is missing rather than writing over what it has not seen', async () => {
    const [one, other] = [await open(), await open()]
    await one.leases.create('a', { n: 1 })
    expect(await other.leases.update('a', { n: 2 })).toMatchObject({ ok: false, code: 'missing' })
    expect(await other.leases.remove('a')).toMatchObject({ ok: false, code: 'missing' })
  })

  it('creates a removed key again, and removed keys leave nothing behind', async () => {
    const { leases } = await open()
    for (let round = 0; round < 5; round++) {
      expect(await leases.create(`k${round}`, { n: round })).toEqual({ ok: true })
      expect(await leases.remove(`k${round}`)).toEqual({ ok: true })
    }
    expect(await leases.create('k0', { n: 9 })).toEqual({ ok: true })
    const manager = await jetstreamManager(await connectToStore())
    expect((await manager.streams.info('KV_paceline_leases')).state.messages).toBe(1)
  })

  it('leaves entries alone that it does not understand', async () => {
    const manager = await jetstreamManager(await connectToStore())
    const ledger = await open()
    await manager.jetstream().publish('$KV.paceline_leases.strange', 'no json')
    await manager.jetstream().publish('$KV.paceline_leases.newer', '{"writer":"w","value":{"m":1}}')
    expect(await entriesOf(ledger)).toEqual({})
    expect(await ledger.leases.create('strange', { n: 1 })).toMatchObject({ code: 'conflict' })
    expect((await manager.streams.info('KV_paceline_leases')).state.messages).toBe(2)
  })

  it('survives a restart of the server on the same folder, through the same connection', async () => {
    let emptied = 0
    const ledger = await open({ onEmptied: () => emptied++ })
    await ledger.leases.create('a', { n: 1 })
    await replaceServer()
    await until(() => ledger.isUp())
    expect(await ledger.leases.update('a', { n: 2 })).toEqual({ ok: true })
    expect(await entriesOf(ledger)).toEqual({ a: { n: 2 } })
    expect(emptied).toBe(0)
  })

  it('notices an emptied server, and can be filled again', async () => {
    let emptied = 0
    const ledger = await open({ onEmptied: () => emptied++ })
    await ledger.leases.create('a', { n: 1 })
    await replaceServer(emptyStore)
    await until(() => emptied === 1)
    expect(ledger.leases.knows('a')).toBe(false)
    expect(await ledger.leases.create('a', { n: 1 })).toEqual({ ok: true })
    expect(await entriesOf(ledger)).toEqual({ a: { n: 1 } })
  })

  it('says unavailable, as a value, while there is no server', async () => {
    const ledger = await open()
    await ledger.leases.create('a', { n: 1 })
    await cluster.server.close()
    await until(() => !ledger.isUp())
    expect(await ledger.leases.update('a', { n: 2 })).toMatchObject({ ok: false, code: 'unavailable' })
    expect(await ledger.leases.load()).toMatchObject({ ok: false, code: 'unavailable' })
  })

  it('finds its own way when the server was set back to an earlier time', async () => {
    let emptied = 0
    const ledger = await open({ onEmptied: () => emptied++ })
    await ledger.leases.create('a', { n: 1 })
    const saved = join(cluster.folder, 'saved')
    const store = join(cluster.folder, 'nats', 'store')
    await replaceServer(() => cp(store, saved, { recursive: true }))
    await until(() => ledger.isUp())
    await ledger.leases.update('a', { n: 2 })
    await ledger.leases.update('a', { n: 3 })
    await replaceServer(async () => {
      await emptyStore()
      await cp(saved, store, { recursive: true })
    })
    await until(() => emptied === 1)
    expect(await ledger.leases.create('a', { n: 4 })).toEqual({ ok: true })
    expect(await entriesOf(ledger)).toEqual({ a: { n: 4 } })
  })

  it('recognises its own write when only the answer was lost', async () => {
    const ledger = await open()
    await ledger.leases.create('a', { n: 1 })
    await freeze(cluster.server.pid)
    const lost = await ledger.leases.update('a', { n: 2 })
    process.kill(cluster.server.pid, 'SIGCONT')
    expect(lost).toMatchObject({ ok: false, code: 'unavailable' })
    expect(await ledger.leases.update('a', { n: 3 })).toEqual({ ok: true })
    expect(await entriesOf(ledger)).toEqual({ a: { n: 3 } })
  })

  it('refuses a value larger than the server takes', async () => {
    const ledger = await open()
    const huge = { n: 1, text: 'x'.repeat(3 * 2 ** 20) }
    expect(await ledger.leases.create('a', huge)).toMatchObject({ ok: false, code: 'refused' })
  })

  it('is not opened where JetStream is off', async () => {
    const access = { ...cluster.ledgerAccess, seed: cluster.credentials.headSeed }
    const opening = openLedger(access, { writer: 'w', parseSession: parse, parseLease: parse })
    await expect(opening).rejects.toMatchObject({
      code: 'E_NATS_CONNECT',
      hint: expect.stringContaining('JetStream'),
    })
  })
})

describe('writing behind', () => {
  const troubles: [string, LedgerFailure['code']][] = []
  const onTrouble = (key: string, failure: LedgerFailure) => void troubles.push([key, failure.code])

  beforeEach(() => {
    troubles.length = 0
  })

  it('takes hundreds of changes at once and writes the last state of each key', async () => {
    const ledger = await open()
    const behind = createWriteBehind(ledger.leases, { onTrouble })
    for (let n = 0; n < 300; n++) behind.put(`k${n % 30}`, { n })
    behind.remove('k7')
    expect(await behind.flush(10_000)).toBe(0)
    const entries = (await entriesOf(ledger)) as Record<string, Row>
    expect(Object.keys(entries)).toHaveLength(29)
    expect(entries.k29).toEqual({ n: 299 })
    expect(entries.k7).toBeUndefined()
    expect(troubles).toEqual([])
  })

  it('goes on by itself after the server was away, telling of it once', async () => {
    const ledger = await open()
    const behind = createWriteBehind(ledger.leases, { onTrouble, retryMs: 50 })
    behind.put('a', { n: 1 })
    await behind.flush(5_000)
    await cluster.server.close()
    await until(() => !ledger.isUp())
    behind.put('a', { n: 2 })
    behind.put('b', { n: 3 })
    expect(await behind.flush(100)).toBe(2)
    await replaceServer()
    expect(await behind.flush(15_000)).toBe(0)
    expect(await entriesOf(ledger)).toEqual({ a: { n: 2 }, b: { n: 3 } })
    expect(troubles.map(([, code]) => code)).toEqual(['unavailable'])
  })

  it('fills an emptied server when the caller puts everything again', async () => {
    const rows = new Map([
      ['a', { n: 1 }],
      ['b', { n: 2 }],
    ])
    const fill = () => {
      for (const [key, row] of rows) behind.put(key, row)
    }
    let emptied = false
    const onEmptied = () => {
      emptied = true
      fill()
    }
    const ledger = await open({ onEmptied })
    const behind = createWriteBehind(ledger.leases, { onTrouble, retryMs: 50 })
    fill()
    expect(await behind.flush(5_000)).toBe(0)
    await replaceServer(emptyStore)
    await until(() => emptied)
    expect(await behind.flush(5_000)).toBe(0)
    expect(await entriesOf(ledger)).toEqual(Object.fromEntries(rows))
  })

  it('reports a conflict, and does not fight for the key', async () => {
    const [former, latter] = [await open(), await open()]
    const behind = createWriteBehind(former.leases, { onTrouble })
    behind.put('a', { n: 1 })
    await behind.flush(5_000)
    await latter.leases.load()
    await latter.leases.update('a', { n: 2 })
    behind.put('a', { n: 3 })
    expect(await behind.flush(5_000)).toBe(0)
    expect(troubles).toEqual([['a', 'conflict']])
    expect(await entriesOf(latter)).toEqual({ a: { n: 2 } })
  })
})
