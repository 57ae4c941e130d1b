import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectNode } from '../../src/cluster/connect-node.ts'
import { contractVersion, type GrantOrder, joinPath, subjects } from '../../src/cluster/messages.ts'
import { makeNodeKeys } from '../../src/cluster/node-credentials.ts'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, runPaceline, startPaceline } from '../fixture/paceline.ts'
import { forged, heardUntilEnd, Intruder } from './intruder.ts'

let paceline: RunningPaceline
let intruder: Intruder
let folder: string
let clip: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 1 })
  intruder = await Intruder.at(paceline)
  folder = await mkdtemp(join(tmpdir(), 'paceline-attacks-'))
  clip = await makeClip({ container: 'mkv', seconds: 5 })
})

afterAll(async () => {
  await paceline?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Does something to the head while it makes a file, which comes out all the same. */
async function whileServing<T>(attack: () => Promise<T>): Promise<T> {
  const out = join(folder, 'out.mp4')
  const work = paceline.run('transcode', clip, out, '--overwrite', '--json')
  const result = await attack()
  const { exit, stdout, stderr } = await work
  expect([exit, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout).frames).toBe(125)
  return result
}

/** How often the head's log names a code. */
const timesLogged = (code: string) => paceline.log().split(`"code":"${code}"`).length - 1

/** As a user would do it, with a folder of his own. */
async function nodeJoins(token: string) {
  const own = await mkdtemp(join(folder, 'node-'))
  return runPaceline('--data', own, 'node', '--join', token)
}

describe('a token', () => {
  it('that has expired is refused to the node by its code', async () => {
    const token = await intruder.token({ validSeconds: 1 })
    await sleep(1_200)
    const { exit, stderr } = await whileServing(() => nodeJoins(token))
    expect([exit, stderr]).toEqual([2, expect.stringContaining('The join token has expired')])
    expect(timesLogged('E_TOKEN_EXPIRED')).toBe(1)
  })

  it('that was used lets in nobody else, and is told once however often it is tried', async () => {
    const token = await intruder.token()
    expect((await intruder.join(token, makeNodeKeys(), { name: 'first' })).status).toBe(200)
    const replies = await whileServing(() =>
      Promise.all(Array.from({ length: 20 }, () => intruder.join(token, makeNodeKeys()))),
    )
    for (const { status, code } of replies) expect([status, code]).toEqual([403, 'E_TOKEN_USED'])
    expect(timesLogged('E_TOKEN_USED')).toBe(1)
    expect((await nodeJoins(token)).exit).toBe(2)
    await intruder.removes('first')
  })

  it('that is forged, in its secret or its name, is not valid', async () => {
    const token = await intruder.token()
    for (const change of [{ secret: 'A'.repeat(32) }, { id: 'j000000000000' }]) {
      const { status, code } = await whileServing(() => intruder.join(forged(token, change), makeNodeKeys()))
      expect([status, code]).toEqual([403, 'E_TOKEN_INVALID'])
    }
    expect(timesLogged('E_TOKEN_INVALID')).toBe(1)
  })

  it('for another head makes the node say nothing to this one', async () => {
    const token = await intruder.token()
    const wrong = forged(token, { fingerprint: '0'.repeat(64) })
    const { exit, stderr } = await whileServing(() => nodeJoins(wrong))
    expect([exit, stderr]).toEqual([1, expect.stringContaining('Another server answers in the place of')])
    // Its secret was not said, so it is still good.
    const keys = makeNodeKeys()
    expect((await intruder.join(token, keys, { name: 'late' })).status).toBe(200)
    await intruder.removes('late')
  })

  it('brings in one node however often it is used at once, and none under the key of another', async () => {
    const [token, other] = [await intruder.token(), await intruder.token()]
    const keys = makeNodeKeys()
    const replies = await whileServing(() =>
      Promise.all(Array.from({ length: 5 }, () => intruder.join(token, keys, { name: 'eager' }))),
    )
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    const stolen = await intruder.join(other, makeNodeKeys(), { publicKey: keys.publicKey })
    expect([stolen.status, stolen.code]).toEqual([409, 'E_NODE_KEY'])
    await intruder.removes('eager')
    const { stdout } = await paceline.run('nodes', 'list', '--json')
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'node-1' }])
  })

  it('is nothing without a certificate', async () => {
    const body = JSON.stringify({ token: 'x' })
    const headers = { 'content-type': 'application/json' }
    const reply = await whileServing(() => intruder.send('POST', joinPath, { headers, body }))
    expect([reply.status, reply.code]).toEqual([401, 'E_NODE_UNKNOWN'])
  })

  it('is not used up by a node of two releases before, or after, which is told so', async () => {
    const token = await intruder.token()
    const keys = makeNodeKeys()
    const replies = []
    for (const apart of [-2, 2]) {
      replies.push(await intruder.join(token, keys, { contract: contractVersion + apart }))
    }
    expect(replies.map(({ status, code }) => [status, code])).toEqual([
      [426, 'E_NODE_TOO_OLD'],
      [426, 'E_NODE_TOO_NEW'],
    ])
    expect((await intruder.join(token, keys, { contract: contractVersion - 1, name: 'old' })).status).toBe(
      200,
    )
    await intruder.removes('old')
  })
})

describe('a node', () => {
  it('that is one release behind is listed and works; one that is two behind is told so and does not', async () => {
    for (const [apart, state] of [
      [-1, 'ready'],
      [-2, 'outdated'],
    ] as const) {
      const credentials = await intruder.joined(`apart${apart}`)
      const refused: string[] = []
      const link = await connectNode(credentials, { onRefused: ({ code }) => refused.push(code) })
      await link.serveOrders(() => ({ ok: false, code: 'stopping', message: '' }))
      const common = { node: credentials.id, name: credentials.name, boot: 'b', version: '0.0.1', cores: 1 }
      link.publishBeat({ ...common, contract: contractVersion + apart, platforms: ['software'], leases: [] })
      await sleep(300)
      const { stdout } = await paceline.run('nodes', 'list', '--json')
      const listed = (JSON.parse(stdout) as { name: string; state: string }[]).find(
        ({ name }) => name === credentials.name,
      )
      expect(listed?.state).toBe(state)
      expect(refused).toEqual(state === 'ready' ? [] : ['E_NODE_TOO_OLD'])
      await link.close()
      await intruder.removes(credentials.name)
    }
  })

  it('neither reads the media of another’s lease nor writes its segments', async () => {
    const thief = await intruder.joined('thief')
    const spy = await intruder.headNats()
    const heard = new Promise<GrantOrder>((resolve) => {
      spy.subscribe('paceline.order.*', {
        callback: (_error, message) => {
          const order = message.json<GrantOrder>()
          if (order.type === 'grant' && order.part === 'video') resolve(order)
        },
      })
    })
    const replies = await whileServing(async () => {
      const { attempt, from, inputs } = await heard
      const { identity } = thief
      const body = 'not a segment'
      return [
        await intruder.send('GET', inputs[0]!.url, { identity, headers: { range: 'bytes=0-99' } }),
        await intruder.send('PUT', `/data/v1/segments/${attempt}/${from}`, { identity, body }),
        await intruder.send('GET', inputs[0]!.url),
      ]
    })
    await spy.close()
    expect(replies.map(({ status, code }) => [status, code])).toEqual([
      [403, 'E_LEASE_DENIED'],
      [403, 'E_LEASE_DENIED'],
      [401, 'E_NODE_UNKNOWN'],
    ])
    // Once for what it read and once for what it wrote.
    expect(timesLogged('E_LEASE_DENIED')).toBe(2)
    await intruder.removes('thief')
  })

  it('that is removed is out of NATS and of the data plane within a second', async () => {
    const credentials = await intruder.joined('leaving')
    const link = await connectNode(credentials)
    const stays = intruder.tls(credentials.identity)
    await once(stays, 'secureConnect')
    const [linkEnds, socketEnds] = [link.closed, once(stays.resume(), 'close')]
    const startedMs = performance.now()
    const lastedMs = await whileServing(async () => {
      const { stdout } = await paceline.run('nodes', 'remove', 'leaving', '--json')
      expect(JSON.parse(stdout)).toEqual({ removed: { id: credentials.id, name: 'leaving' } })
      await socketEnds
      return performance.now() - startedMs
    })
    console.info(`a removed node was out after ${lastedMs.toFixed(0)} ms, the start of the command included`)
    expect(String(await linkEnds)).toContain('Authorization Violation')
    await expect(connectNode(credentials)).rejects.toMatchObject({ code: 'E_NODE_REMOVED' })
    const { identity } = credentials
    expect(await intruder.send('GET', '/data/v1/media/a/0', { identity })).toMatchObject({
      ...{ status: 401, code: 'E_NODE_REMOVED' },
    })
    // By NATS, and by the data plane.
    await expect.poll(() => timesLogged('E_NODE_REMOVED')).toBe(2)
    const again = await paceline.run('nodes', 'remove', 'leaving')
    expect([again.exit, again.stderr]).toEqual([2, expect.stringContaining('There is no node of this name')])
  })

  it('has its own subjects and no others; what it tries is told of once', async () => {
    const curious = await intruder.joined('curious')
    const nats = await intruder.nats(curious)
    await whileServing(async () => {
      for (let n = 0; n < 5; n++) {
        for (const subject of [
          subjects.order('other'),
          subjects.beat('other'),
          subjects.report('other'),
          '$JS.API.INFO',
        ]) {
          nats.publish(subject, '{}')
        }
        nats.subscribe('>', { callback: () => undefined })
      }
      await nats.flush()
      await sleep(100)
    })
    expect(timesLogged('E_NODE_SUBJECT')).toBe(1)
    await nats.close()
    await intruder.removes('curious')
  })

  it('that talks nonsense is told of once', async () => {
    const babbler = await intruder.joined('babbler')
    const nats = await intruder.nats(babbler)
    await whileServing(async () => {
      for (const words of ['', '{', '[]', '{"node":"other"}', '\u0000'.repeat(1_000)]) {
        for (let n = 0; n < 20; n++) nats.publish(subjects.beat(babbler.id), words)
      }
      await nats.flush()
    })
    expect(timesLogged('E_NODE_MESSAGE')).toBe(1)
    await nats.close()
    await intruder.removes('babbler')
  })
})

describe('what was recorded', () => {
  it('of a join is worth nothing when it is said again by somebody else', async () => {
    const token = await intruder.token()
    const keys = makeNodeKeys()
    expect((await intruder.join(token, keys, { name: 'recorded' })).status).toBe(200)
    const stolen = { publicKey: keys.publicKey, name: 'recorded' }
    const reply = await whileServing(() => intruder.join(token, makeNodeKeys(), stolen))
    expect([reply.status, reply.code]).toEqual([403, 'E_TOKEN_USED'])
    await intruder.removes('recorded')
    // Not even by the node itself, once it was put out.
    expect((await intruder.join(token, keys)).code).toBe('E_TOKEN_USED')
  })

  it('of a request is refused when its node says it again after its lease', async () => {
    const { identity } = await intruder.joined('repeating')
    const replies = await whileServing(() =>
      Promise.all(
        ['GET', 'PUT', 'GET', 'PUT'].map((method) => {
          const path = method === 'GET' ? '/data/v1/media/b-1/0' : '/data/v1/segments/b-1/0'
          return intruder.send(method, path, { identity })
        }),
      ),
    )
    for (const { status, code } of replies) expect([status, code]).toEqual([410, 'E_LEASE_OVER'])
    expect(paceline.log().match(/"E_LEASE_OVER","who":"repeating"/g)).toHaveLength(2)
    await intruder.removes('repeating')
  })

  it('of a connection, byte for byte, is worth nothing when it is played again', async () => {
    const recorded: Buffer[] = []
    const way = createServer((outside: Socket) => {
      const inside = connect({ host: '127.0.0.1', port: intruder.port })
      outside.on('data', (bytes) => recorded.push(bytes))
      outside.pipe(inside).pipe(outside)
      outside.on('error', () => inside.destroy())
      inside.on('error', () => outside.destroy())
    }).listen(0, '127.0.0.1')
    await once(way, 'listening')
    const { port } = way.address() as { port: number }
    const { head: _, ...node } = await intruder.joined('overheard')
    const link = await connectNode({ ...node, head: `https://127.0.0.1:${port}` })
    await link.close()
    way.close()
    const heard = await whileServing(async () => {
      const socket = intruder.tcp()
      for (const bytes of recorded) socket.write(bytes)
      setTimeout(() => socket.end(), 500)
      return heardUntilEnd(socket)
    })
    expect(Buffer.concat(recorded).length).toBeGreaterThan(500)
    expect(heard).not.toMatch(/INFO|HTTP/)
    await intruder.removes('overheard')
  })
})

describe('frames', () => {
  it('that are too large are refused before they are read', async () => {
    const keys = makeNodeKeys()
    const headers = { 'content-type': 'application/json', 'content-length': 10_000_000 }
    const { identity } = keys
    const replies = await whileServing(async () => [
      await intruder.send('POST', joinPath, {
        identity,
        headers: { ...headers, 'content-length': 5_000 },
        body: 'x'.repeat(5_000),
      }),
      await intruder.send('GET', '/healthz', { headers: { 'x-long': 'y'.repeat(100_000) } }),
    ])
    expect(replies.map(({ status, code }) => [status, code])).toEqual([
      [413, 'E_TOO_LARGE'],
      [431, 'E_TOO_LARGE'],
    ])
    // Of the two kinds, once each.
    expect(timesLogged('E_TOO_LARGE')).toBe(2)
  })

  it('that NATS does not take end the connection of who sent them, and nobody else’s', async () => {
    const giant = await intruder.joined('giant')
    const nats = await intruder.nats(giant)
    const closed = nats.closed()
    await whileServing(async () => {
      expect(() => nats.publish(subjects.beat(giant.id), Buffer.alloc(2 ** 21))).toThrow(/payload/i)
      const socket = intruder.tls(giant.identity)
      await once(socket, 'secureConnect')
      socket.end('PUB paceline.beat.x 99999999999\r\nhalf')
      await heardUntilEnd(socket)
      // As a client would that has not listened to what the server takes.
      Object.assign(nats.info!, { max_payload: 2 ** 30 })
      nats.publish(subjects.beat(giant.id), Buffer.alloc(2 ** 21))
      await closed
    })
    await expect.poll(() => timesLogged('E_TOO_LARGE')).toBe(3)
    await intruder.removes('giant')
  })

  it('that stop half-way cost nobody anything', async () => {
    const { identity } = makeNodeKeys()
    await whileServing(async () => {
      for (const words of [
        'POST /join/v1 HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"half',
        'GET /healthz HT',
        'PUT /data/v1/segments/a/0 HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc',
        '\u0016\u0003\u0001',
        '\r\n'.repeat(10_000),
      ]) {
        const socket = intruder.tls(identity)
        await once(socket, 'secureConnect')
        socket.write(words)
        await sleep(50)
        socket.destroy()
        const raw = intruder.tcp()
        raw.end(words)
        await heardUntilEnd(raw)
      }
    })
    expect(timesLogged('E_TLS')).toBe(1)
  })

  it('that are half, or nonsense, and wait for an answer get one with a code, and are told of once', async () => {
    const half = 'PUT /data/v1/segments/a/0 HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc'
    const heard = await whileServing(async () => {
      const heard = []
      for (const words of ['GET /healthz HT', 'NONSENSE\r\n\r\n', 'GET /healthz HT', half]) {
        const socket = intruder.tls()
        await once(socket, 'secureConnect')
        socket.end(words)
        heard.push(await heardUntilEnd(socket))
      }
      return heard
    })
    for (const words of heard.slice(0, 3)) expect(words).toMatch(/^HTTP\/1.1 400 .*"code":"E_REQUEST"/s)
    expect(heard[3]).toMatch(/^HTTP\/1.1 401 .*"code":"E_NODE_UNKNOWN"/s)
    expect(paceline.log().match(/"E_REQUEST","who":"127[^"]+","what":"HPE/g)).toHaveLength(1)
  })
})

describe('a thousand connections', () => {
  it('that say nothing keep nobody out', async () => {
    const sockets: Socket[] = []
    await whileServing(async () => {
      for (let n = 0; n < 1_000; n++) {
        const socket = intruder.tcp()
        socket.on('error', () => undefined)
        sockets.push(socket)
        if (n % 100 === 99) await once(socket, 'connect')
      }
      const late = await intruder.joined('late-comer')
      const link = await connectNode(late)
      expect(link.isUp()).toBe(true)
      await link.close()
    })
    await sleep(200)
    expect(sockets.filter((socket) => !socket.destroyed && socket.readyState === 'open').length).toBeLessThan(
      300,
    )
    expect(timesLogged('E_TOO_MANY_CONNECTIONS')).toBe(1)
    for (const socket of sockets) socket.destroy()
    const { stdout } = await paceline.run('status', '--json')
    expect(JSON.parse(stdout).nodes).toMatchObject([{ name: 'node-1' }])
    await intruder.removes('late-comer')
  })
})
