import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { HandReply, HandRequest } from '../../src/head/door/hands.ts'
import { type HandPlace, handPlace } from './hand-place.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

/** A server that answers with bytes, and keeps all that it heard on each connection. */
async function rawServer(answer: (heard: string, socket: Socket) => void, host = '127.0.0.1') {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    const index = heard.push('') - 1
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      heard[index] += chunk.toString('latin1')
      answer(heard[index]!, socket)
    })
  })
  await new Promise<void>((done) => server.listen(0, host, done))
  const { port } = server.address() as { port: number }
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done())
      for (const socket of sockets) socket.destroy()
    })
  return { port, heard, close, url: `http://127.0.0.1:${port}` }
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

describe.each(shimBuilds)('HTTP through $name', (build) => {
  let place: HandPlace
  let server: Awaited<ReturnType<typeof rawServer>>
  beforeEach(async () => {
    place = await handPlace(build)
  })
  afterEach(async () => {
    await place.close()
    await server?.close()
  })

  const plain = {
    ...{ method: 'PUT', argument: 3, suffix: '', headers: [], body: null, keepsConnection: false },
    timeoutMilliseconds: 5_000,
  } as const satisfies HandRequest

  const starts = async (url: string, env: Record<string, string> = {}, option = '-segment_list') =>
    (await place.start({ args: [option, url], env })).job.hands.http

  const answering = async (bytes: string): Promise<HandReply> => {
    server = await rawServer((_heard, socket) => socket.end(bytes, 'latin1'))
    return (await starts(`${server.url}/x`)).exchange(plain)
  }

  test('A request is said as it was ordered, with the token that only the shim knows', async () => {
    server = await rawServer((_heard, socket) => socket.end(ok))
    const http = await starts(`${server.url}/progress?a=b`, { X_PLEX_TOKEN: 'secret-token' })
    const headers = [['User-Agent', 'Lavf/1'], 'token', ['Range', 'bytes=0-']] as const
    expect(await http.exchange({ ...plain, suffix: '', headers })).toEqual({ status: 200, body: 'ok' })
    expect(server.heard).toEqual([
      'PUT /progress?a=b HTTP/1.1\r\nUser-Agent: Lavf/1\r\nX-Plex-Token: secret-token\r\nRange: bytes=0-\r\n\r\n',
    ])
    const { features, env, args } = await place.job()
    expect(features).toContain('token')
    expect(JSON.stringify([env, args])).not.toContain('secret')
  })

  test('Without a token there is no header for it', async () => {
    server = await rawServer((_heard, socket) => socket.end(ok))
    const http = await starts(`${server.url}/p`)
    await http.exchange({ ...plain, headers: ['token'] })
    expect(server.heard).toEqual(['PUT /p HTTP/1.1\r\n\r\n'])
  })

  test.each([0, 1, 60_000, 65_536, 1_000_000])('A body of %d bytes goes out in chunks', async (length) => {
    const isWhole = (heard: string) => heard.endsWith('0\r\n\r\n')
    server = await rawServer((heard, socket) => void (isWhole(heard) && socket.end(ok)))
    const body = 'x'.repeat(length)
    const http = await starts(`${server.url}/list`)
    expect(await http.exchange({ ...plain, method: 'POST', body })).toMatchObject({ status: 200 })
    const [head, ...rest] = server.heard[0]!.split('\r\n\r\n')
    expect(head).toBe('POST /list HTTP/1.1\r\nTransfer-Encoding: chunked')
    expect(
      rest
        .join('\r\n\r\n')
        .replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/g, '')
        .replaceAll('\r\n', '').length,
    ).toBe(length)
  })

  test('A connection is kept from request to request', async () => {
    server = await rawServer((_heard, socket) => void socket.write(ok))
    const http = await starts(`${server.url}/p`)
    for (let n = 0; n < 3; n++) {
      expect(await http.exchange({ ...plain, suffix: `?n=${n}`, keepsConnection: true })).toMatchObject({
        status: 200,
      })
    }
    await http.exchange({ ...plain, suffix: '?alone' })
    expect(server.heard.map((heard) => heard.split('\r\n\r\n').length - 1)).toEqual([3, 1])
  })

  test('A kept connection that the server has closed meanwhile is told as such', async () => {
    server = await rawServer((heard, socket) => {
      if (server.heard.length === 1) socket.end(heard.split('\r\n\r\n').length === 2 ? ok : '')
      else socket.write(ok)
    })
    const http = await starts(`${server.url}/p`)
    const keeping = { ...plain, keepsConnection: true }
    expect(await http.exchange(keeping)).toMatchObject({ status: 200 })
    await delay(50)
    expect(await http.exchange(keeping)).toMatchObject({ reused: true })
    expect(await http.exchange(keeping)).toMatchObject({ status: 200 })
  })

  test.each([
    ['a length', 'HTTP/1.1 206 Partial\r\ncontent-length: 5\r\n\r\nhello', { status: 206, body: 'hello' }],
    ['no body', 'HTTP/1.1 204 None\r\n\r\n', { status: 204, body: '' }],
    ['an end', 'HTTP/1.0 200 OK\r\n\r\nuntil the end', { status: 200, body: 'until the end' }],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
      { status: 200, body: 'hello world' },
    ],
    [
      'a remark before it',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n`,
      { status: 404, body: '' },
    ],
  ])('A reply with %s is heard', async (_what, bytes, expected) => {
    expect(await answering(bytes)).toEqual(expected)
  })

  test('Of a reply that is too long the beginning is heard', async () => {
    const reply = await answering(
      `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(1_000_000)}`,
    )
    expect(reply).toMatchObject({ status: 200 })
    expect('body' in reply && reply.body.length).toBeGreaterThan(60_000)
  })

  test.each([
    ['nothing', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'],
    ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n'],
    [
      'a chunk as large as memory',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx',
    ],
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['a status that is none', 'HTTP/1.1 999 What\r\n\r\n'],
  ])('A server that answers %s has not answered', async (_what, bytes) => {
    expect(await answering(bytes)).toMatchObject({ failed: expect.any(String), sent: true, reused: false })
  })

  test('A server that takes no connection, and one that says nothing, fail in time', async () => {
    server = await rawServer(() => undefined)
    const http = await starts(`${server.url}/x`)
    const started = performance.now()
    expect(await http.exchange({ ...plain, timeoutMilliseconds: 300 })).toMatchObject({
      failed: 'no reply in time',
    })
    expect(performance.now() - started).toBeLessThan(1_500)
    await server.close()
    expect(await http.exchange(plain)).toMatchObject({
      failed: expect.stringMatching(/refused/i),
      sent: false,
    })
  })

  test('While a server does not answer, files and signals go on', async () => {
    server = await rawServer(() => undefined)
    const { job, child, ended } = await place.start({ args: ['-segment_list', `${server.url}/x`] })
    const waiting = job.hands.http
      .exchange({ ...plain, timeoutMilliseconds: 30_000 })
      .catch((error) => error.code)
    await delay(50)
    await job.hands.files.write(`${place.cwd}/a`, Buffer.of(1))
    job.onSignal(() => job.exit(3))
    child.kill('SIGTERM')
    expect((await ended).code).toBe(3)
    expect(await waiting).toBe('E_HANDS_GONE')
  })

  test.each([
    'https://127.0.0.1:{port}/x',
    'http://192.168.1.1:{port}/x',
    'http://127.0.0.1.example.org:{port}/x',
    'http://user@127.0.0.1:{port}/x',
    'http://127.0.0.1:{port}',
    'http://127.0.0.1:99999/x',
    'http://127.0.0.1:/x',
    'http://127.0.0.1:{port}/x y',
    'http://[::2]:{port}/x',
    'http://128.0.0.1:{port}/x',
    'http://0.0.0.0:{port}/x',
    'file:/etc/passwd',
  ])('The address %s is none of this machine', async (template) => {
    server = await rawServer((_heard, socket) => socket.end(ok))
    const http = await starts(template.replace('{port}', String(server.port)))
    expect(await http.exchange(plain)).toMatchObject({ failed: 'the argument is no address of this machine' })
    expect(server.heard).toEqual([])
  })

  test('An argument that is not there, no address, or an input, is no address', async () => {
    server = await rawServer((_heard, socket) => socket.end(ok))
    const http = await starts(`${server.url}/x`, {}, '-i')
    for (const argument of [0, 2, 3, 4, 2 ** 32 - 1]) {
      expect(await http.exchange({ ...plain, argument })).toMatchObject({
        failed: expect.stringContaining('no address'),
      })
    }
    expect(server.heard).toEqual([])
  })

  test('localhost and [::1] are addresses of this machine', async () => {
    server = await rawServer((_heard, socket) => socket.end(ok))
    const http = await starts(`http://localhost:${server.port}/x`)
    expect(await http.exchange(plain)).toMatchObject({ status: 200 })
    const six = await rawServer((_heard, socket) => socket.end(ok), '::1').catch(() => null)
    if (!six) return
    const { job } = await place.start({ args: ['-segment_list', `http://[::1]:${six.port}/x`] })
    expect(await job.hands.http.exchange(plain)).toMatchObject({ status: 200 })
    await six.close()
  })

  test.each(['x', '@evil.example/', '/../../identity', '/%2e%2e/x', '?a b', '?a\r\nX: y', '/a#b', '/ö'])(
    'The address is not made longer by %j',
    async (suffix) => {
      server = await rawServer((_heard, socket) => socket.end(ok))
      const http = await starts(`${server.url}/x`)
      expect(await http.exchange({ ...plain, suffix })).toMatchObject({
        failed: expect.stringContaining('longer'),
      })
      expect(server.heard).toEqual([])
    },
  )

  test.each([
    ['Content-Length', '5'],
    ['transfer-encoding', 'identity'],
    ['X-Plex-Token', 'guessed'],
    ['A', 'b\r\nGET /identity HTTP/1.1'],
    ['A b', 'c'],
    ['', 'c'],
    ['A', 'x'.repeat(20_000)],
  ])('The header %s: %j is not sent', async (name, value) => {
    server = await rawServer((_heard, socket) => socket.end(ok))
    const http = await starts(`${server.url}/x`)
    expect(await http.exchange({ ...plain, headers: [[name, value]] })).toMatchObject({
      failed: 'a header that cannot be sent',
    })
    expect(server.heard).toEqual([])
  })

  test('A token that is no plain text is as good as none', async () => {
    server = await rawServer((_heard, socket) => socket.end(ok))
    const http = await starts(`${server.url}/x`, { X_PLEX_TOKEN: 'a\r\nb: c' })
    await http.exchange({ ...plain, headers: ['token'] })
    expect(server.heard).toEqual(['PUT /x HTTP/1.1\r\n\r\n'])
    expect((await place.job()).features).not.toContain('token')
  })
})

describe.each(shimBuilds)('Secrets in the arguments of $name', (build) => {
  let place: HandPlace
  beforeEach(async () => {
    place = await handPlace(build)
  })
  afterEach(() => place.close())

  test.each([
    ['http://127.0.0.1/p?X-Plex-Token=abc123&b=c', 'http://127.0.0.1/p?X-Plex-Token={token}&b=c'],
    ['http://127.0.0.1/p?b=c&x-plex-token=abc', 'http://127.0.0.1/p?b=c&x-plex-token={token}'],
    ['X-Plex-Token: abc\r\nA: b', 'X-Plex-Token: {token}\r\nA: b'],
    ["drawtext=text='http://x?X-Plex-Token%3Dabc'", "drawtext=text='http://x?X-Plex-Token%3D{token}'"],
    ['a=the-own-token,b', 'a={token},b'],
    ['X-Plex-Tokens are many', 'X-Plex-Tokens are many'],
    ['X-Plex-Token=', 'X-Plex-Token='],
  ])('%j is told as %j', async (argument, told) => {
    const { job } = await place.start({ args: [argument], env: { X_PLEX_TOKEN: 'the-own-token' } })
    expect(job.args.at(-1)).toBe(told)
  })

  test('An address with a token in it is asked with the token', async () => {
    const server = await rawServer((_heard, socket) => socket.end(ok))
    const { job } = await place.start({ args: ['-segment_list', `${server.url}/x?X-Plex-Token=abc123`] })
    expect(JSON.stringify(job.args)).not.toContain('abc123')
    const request = { method: 'PUT', argument: 3, suffix: '', headers: [], body: null } as const
    await job.hands.http.exchange({ ...request, keepsConnection: false, timeoutMilliseconds: 1_000 })
    expect(server.heard[0]).toContain('PUT /x?X-Plex-Token=abc123 HTTP/1.1')
    await server.close()
  })
})
