import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connectHead, type HeadLink } from '../../src/cluster/connect-head.ts'
import { connectNode, type NodeLink } from '../../src/cluster/connect-node.ts'
import {
  type Beat,
  inboxes,
  type NodeCredentials,
  type Order,
  type Report,
  subjects,
} from '../../src/cluster/messages.ts'
import { beatOf, endedReport, grant, startTestCluster, type TestCluster, until } from './cluster-fixture.ts'

let cluster: TestCluster
let head: HeadLink
let token: NodeCredentials
let node: NodeLink
const invalid: string[] = []
const headErrors: Error[] = []
const nodeErrors: Error[] = []
const beats: Beat[] = []
const reports: Report[] = []
let takeReport: (report: Report) => void | Promise<void> = (report) => void reports.push(report)

beforeAll(async () => {
  cluster = await startTestCluster()
  head = await connectHead(cluster.headAccess, {
    onInvalid: (id, why) => invalid.push(`${id} ${why}`),
    onError: (error) => headErrors.push(error),
  })
  await head.onBeats((beat) => beats.push(beat))
  await head.serveReports((report) => takeReport(report))
  token = await cluster.admit('bench')
  node = await connectNode(token, { onError: (error) => nodeErrors.push(error) })
})

afterAll(async () => {
  await node?.close()
  await head?.close()
  await cluster?.close()
})

/** A connection with a node's key that does as it pleases. */
async function connectRaw(from: NodeCredentials): Promise<NatsConnection> {
  const connection = await connect({
    servers: new URL(from.head).host,
    authenticator: nkeyAuthenticator(Buffer.from(from.seed)),
    inboxPrefix: inboxes.node(from.id),
    tls: tlsOf(from) as never,
    reconnect: false,
  })
  onTestFinished(() => connection.close())
  return connection
}

/** The client hands these on to node:tls, more than its types say. */
const tlsOf = ({ certificate, identity }: NodeCredentials) => ({
  ...{ handshakeFirst: true, ALPNProtocols: ['nats'], ca: certificate },
  ...{ cert: identity.certificate, key: identity.key },
})

const settled = (connection: NatsConnection) => connection.flush()

describe('orders', () => {
  it('reach the node whole and come back answered', async () => {
    const orders: Order[] = []
    const fresh = await connectNode(await cluster.admit('orders'))
    onTestFinished(() => fresh.close())
    const id = cluster.credentials.nodes().find((known) => known.name === 'orders')!.id
    await fresh.serveOrders((order) => {
      orders.push(order)
      return order.type === 'cut'
        ? { ok: false, code: 'unknown-attempt', message: 'never heard' }
        : { ok: true }
    })
    expect(await head.sendOrder(id, grant, 2_000)).toEqual({ answered: true, reply: { ok: true } })
    const cut: Order = { type: 'cut', attempt: 'a1', at: 5 }
    expect(await head.sendOrder(id, cut, 2_000)).toEqual({
      answered: true,
      reply: { ok: false, code: 'unknown-attempt', message: 'never heard' },
    })
    expect(orders).toEqual([grant, cut])
  })

  it('to a node that is not there fail as a value within milliseconds', async () => {
    const startedAt = performance.now()
    const outcome = await head.sendOrder('nobody', grant, 5_000)
    expect(outcome).toMatchObject({ answered: false, why: 'no-responders' })
    expect(performance.now() - startedAt).toBeLessThan(200)
  })

  it('that the node does not answer time out as a value', async () => {
    const silent = await connectRaw(await cluster.admit('silent'))
    const id = cluster.credentials.nodes().find((known) => known.name === 'silent')!.id
    silent.subscribe(subjects.order(id), { callback: () => undefined })
    await settled(silent)
    expect(await head.sendOrder(id, grant, 60)).toMatchObject({ answered: false, why: 'timeout' })
  })

  it('answered with nonsense are an invalid reply', async () => {
    const rogue = await connectRaw(await cluster.admit('rogue'))
    const id = cluster.credentials.nodes().find((known) => known.name === 'rogue')!.id
    rogue.subscribe(subjects.order(id), {
      callback: (_error, message) => void message.respond('{"ok":"maybe"}'),
    })
    await settled(rogue)
    expect(await head.sendOrder(id, grant, 2_000)).toMatchObject({ answered: false, why: 'invalid-reply' })
  })

  it('whose handler throws are answered as failed, and the node hears of it', async () => {
    await node.serveOrders(() => {
      throw new Error('no disk')
    })
    const outcome = await head.sendOrder(token.id, grant, 2_000)
    expect(outcome).toEqual({
      answered: true,
      reply: { ok: false, code: 'failed', message: 'Error: no disk' },
    })
    await until(() => nodeErrors.some((error) => error.message === 'no disk'))
  })
})

describe('beats', () => {
  it('of a node arrive at the head as sent', async () => {
    const beat = beatOf(token.id, { leases: [{ attempt: 'a1', next: 3, frames: 72.5, speed: 1.5 }] })
    node.publishBeat(beat)
    await until(() => beats.length > 0)
    expect(beats).toEqual([beat])
  })

  it('that speak for another node, lack a field or are no JSON are dropped and told', async () => {
    const raw = await connectRaw(await cluster.admit('liar'))
    const id = cluster.credentials.nodes().find((known) => known.name === 'liar')!.id
    const before = beats.length
    raw.publish(subjects.beat(id), JSON.stringify(beatOf(token.id)))
    raw.publish(subjects.beat(id), JSON.stringify({ ...beatOf(id), cores: undefined }))
    raw.publish(subjects.beat(id), 'not json')
    raw.publish(subjects.beat(id), JSON.stringify(beatOf(id, { name: 'x'.repeat(100_000) })))
    await until(() => invalid.length >= 4)
    expect(invalid.map((line) => line.replace(`${id} `, ''))).toEqual([
      `beat: it speaks for ${token.id}`,
      expect.stringContaining('cores'),
      expect.stringContaining('not JSON'),
      expect.stringContaining('name'),
    ])
    expect(beats.length).toBe(before)
  })
})

describe('reports', () => {
  it('are answered once the handler is done', async () => {
    expect(await node.sendReport(endedReport(token.id, { cpuSeconds: 1.25 }), 2_000)).toBe(true)
    expect(reports.at(-1)).toEqual(endedReport(token.id, { cpuSeconds: 1.25 }))
  })

  it('that the head cannot take are to be sent again', async () => {
    takeReport = () => Promise.reject(new Error('busy'))
    onTestFinished(() => {
      takeReport = (report) => void reports.push(report)
    })
    expect(await node.sendReport(endedReport(token.id), 100)).toBe(false)
    expect(headErrors.at(-1)?.message).toBe('busy')
  })

  it('that would aim the answer at another node get none', async () => {
    const raw = await connectRaw(await cluster.admit('aimer'))
    const id = cluster.credentials.nodes().find((known) => known.name === 'aimer')!.id
    const orders: Order[] = []
    const victim = await connectNode(await cluster.admit('victim'))
    onTestFinished(() => victim.close())
    await victim.serveOrders((order) => {
      orders.push(order)
      return { ok: true }
    })
    const victimId = cluster.credentials.nodes().find((known) => known.name === 'victim')!.id
    const taken = reports.length
    raw.publish(subjects.report(id), JSON.stringify(endedReport(id)), { reply: subjects.order(victimId) })
    await until(() => invalid.includes(`${id} report: strange inbox`))
    expect(reports.length).toBe(taken)
    expect(orders).toEqual([])
  })
})

describe('a node', () => {
  it('cannot listen to the orders, beats or inboxes of others', async () => {
    const raw = await connectRaw(token)
    const others = [
      subjects.order('other'),
      'paceline.order.*',
      subjects.beats,
      '_INBOX_other.>',
      '_INBOX_head.>',
      '>',
    ]
    for (const subject of others) {
      const refused = new Promise<Error | null>((resolve) => {
        raw.subscribe(subject, { callback: (error) => resolve(error) })
      })
      expect(String(await refused), subject).toContain('Permissions Violation for Subscription')
    }
  })

  it('cannot beat, report or order in the name of others, nor answer into the head’s inbox', async () => {
    const raw = await connectRaw(token)
    const errors: string[] = []
    const follow = async () => {
      for await (const status of raw.status()) if (status.type === 'error') errors.push(status.error.message)
    }
    const following = follow()
    const others = [
      subjects.beat('other'),
      subjects.report('other'),
      subjects.order(token.id),
      '_INBOX_head.x.y',
    ]
    for (const subject of others) raw.publish(subject, 'x')
    await settled(raw)
    await until(() => errors.length === others.length)
    expect(errors).toEqual(others.map((subject) => expect.stringContaining(`Publish to "${subject}"`)))
    await raw.close()
    await following
  })

  it('cannot reach JetStream, neither its interface nor the buckets', async () => {
    const raw = await connectRaw(token)
    for (const subject of [
      '$JS.API.INFO',
      '$JS.API.STREAM.LIST',
      '$KV.paceline_leases.x',
      '$SYS.REQ.SERVER.PING',
    ]) {
      const answer = raw.request(subject, '', { timeout: 500 }).then(
        () => 'answered',
        (error: Error) => error.message,
      )
      expect(await answer, subject).toContain('Permissions Violation for Publish')
    }
  })

  it('is in an account where even the head finds no JetStream', async () => {
    const raw = await connect({
      servers: cluster.server.url,
      authenticator: nkeyAuthenticator(Buffer.from(cluster.credentials.headSeed)),
      tls: null,
    })
    onTestFinished(() => raw.close())
    const answer = await raw.request('$JS.API.INFO', '', { timeout: 500 })
    const { error } = answer.json<{ error?: { description: string } }>()
    expect(error?.description).toBe('JetStream not enabled for account')
  })
})
