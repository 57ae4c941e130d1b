import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { asksToThrottle, openControlChannel } from './control-channel.ts'
import { nodeExchange } from './testing/node-exchange.ts'

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/video/:/transcode/session/s/j/progress`
}

function channel(progressUrl: string, token: string | null = 'token-9', timeoutMilliseconds = 2000) {
  const stop = new AbortController()
  const exchange = nodeExchange(token)
  open.push(exchange)
  const common = { progressUrl, exchange, timeoutMilliseconds, signal: stop.signal }
  const control = openControlChannel({ ...common, hasToken: token !== null })
  return { ...control, stop }
}

/** A server that hands out raw request heads and answers with the given text; null closes without an answer. */
async function rawServer(answer: (head: string, count: number, socket: Socket) => string | null) {
  const heads: string[] = []
  let connections = 0
  const server = createTcpServer((socket) => {
    connections += 1
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      heads.push(data.toString('latin1'))
      const text = answer(heads.at(-1) ?? '', heads.length, socket)
      if (text === null) socket.destroy()
      else socket.write(text)
    })
    open.push({ close: () => socket.destroy() })
  })
  return { url: await listen(server), heads, connections: () => connections }
}

const emptyReply = 'HTTP/1.1 206 Partial Content\r\nContent-Length: 0\r\n\r\n'

describe('the control channel', () => {
  it('sends exactly the recorded head, in its order, and no body', async () => {
    const server = await rawServer(() => emptyReply)
    const { send } = channel(server.url)
    await send('PUT', '/stream?index=0&id=1&codec=h264&type=video')
    expect(server.heads).toEqual([
      [
        'PUT /video/:/transcode/session/s/j/progress/stream?index=0&id=1&codec=h264&type=video HTTP/1.1',
        'User-Agent: Lavf/60.16.100',
        'Accept: */*',
        'Range: bytes=0-',
        'Connection: keep-alive',
        `Host: ${new URL(server.url).host}`,
        'Icy-MetaData: 1',
        'X-Plex-Token: token-9',
        'X-Plex-Http-Pipeline: infinite',
        '',
        '',
      ].join('\r\n'),
    ])
  })

  it('has neither token nor pipeline header without a token', async () => {
    const server = await rawServer(() => emptyReply)
    await channel(server.url, null).send('PUT', '?duration=1.000000')
    await channel(server.url, null).send('POST', '/log?level=0&message=%5Bin%230%5D')
    expect(server.heads).toHaveLength(2)
    for (const head of server.heads) expect(head).not.toMatch(/x-plex/i)
    expect(server.heads[1]).toMatch(/^POST .*\/progress\/log\?level=0&message=%5Bin%230%5D HTTP/)
  })

  it('keeps one connection', async () => {
    const server = await rawServer(() => emptyReply)
    const { send } = channel(server.url)
    for (let count = 0; count < 20; count += 1) await send('PUT', `?progress=${count}`)
    expect(server.heads).toHaveLength(20)
    expect(server.connections()).toBe(1)
  })

  it('keeps one connection even for calls that do not wait for each other', async () => {
    const server = await rawServer(() => emptyReply)
    const { send } = channel(server.url)
    await Promise.all([send('PUT', '?a'), send('PUT', '?b'), send('PUT', '?c')])
    expect(server.heads.map((head) => head.split(' ')[1]?.slice(-1))).toEqual(['a', 'b', 'c'])
    expect(server.connections()).toBe(1)
  })

  it('connects again when the server has closed the connection', async () => {
    const server = await rawServer((_head, count) => (count === 2 ? null : emptyReply))
    const { send } = channel(server.url)
    expect(await send('PUT', '?progress=1')).toEqual({ status: 206, body: '' })
    expect(await send('PUT', '?progress=2')).toEqual({ status: 206, body: '' })
    expect(server.connections()).toBe(2)
    expect(server.heads).toHaveLength(3)
  })

  it('connects again only once', async () => {
    const server = await rawServer((_head, count) => (count > 1 ? null : emptyReply))
    const { send } = channel(server.url)
    await send('PUT', '?progress=1')
    expect(await send('PUT', '?progress=2')).toMatchObject({ failed: expect.any(String) })
    expect(server.heads).toHaveLength(3)
  })

  it('hands over the status and body of a server in trouble and goes on', async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url?.includes('bad') ? 500 : 206
      response.end('<MediaContainer/>')
    })
    const { send } = channel(await listen(server))
    expect(await send('PUT', '?bad')).toEqual({ status: 500, body: '<MediaContainer/>' })
    expect(await send('PUT', '?good')).toEqual({ status: 206, body: '<MediaContainer/>' })
  })

  it('gives up a request that gets no reply, and the next one works', async () => {
    const server = await rawServer((_head, count) => (count === 1 ? '' : emptyReply))
    const { send } = channel(server.url, null, 100)
    expect(await send('PUT', '?progress=1')).toEqual({ failed: 'no reply in time', reused: false })
    expect(await send('PUT', '?progress=2')).toEqual({ status: 206, body: '' })
  })

  it('does not ask a second time for a reply that does not come', async () => {
    const server = await rawServer((_head, count) => (count === 2 ? '' : emptyReply))
    const { send } = channel(server.url, null, 100)
    await send('PUT', '?progress=1')
    expect(await send('PUT', '?progress=2')).toMatchObject({ failed: 'no reply in time' })
    expect(server.heads).toHaveLength(2)
  })

  it('gives up a reply that breaks off', async () => {
    const broken = 'HTTP/1.1 206 Partial Content\r\nContent-Length: 50\r\n\r\nhalf'
    const server = await rawServer((_head, _count, socket) => {
      setTimeout(() => socket.destroy(), 20)
      return broken
    })
    expect(await channel(server.url).send('PUT', '?progress=1')).toMatchObject({ failed: expect.any(String) })
  })

  it('fails at once when nobody listens', async () => {
    const server = createTcpServer()
    const url = await listen(server)
    await new Promise((done) => server.close(done))
    expect(await channel(url).send('PUT', '?progress=1')).toMatchObject({
      failed: expect.stringMatching(/ECONNREFUSED/),
    })
  })

  it('ends what is under way, and sends nothing more, once it is aborted', async () => {
    const server = await rawServer(() => '')
    const { send, stop } = channel(server.url)
    const waiting = send('PUT', '?progress=1')
    await expect.poll(() => server.heads.length).toBe(1)
    stop.abort()
    expect(await waiting).toMatchObject({ failed: expect.any(String) })
    expect(await send('PUT', '?progress=2')).toEqual({ failed: 'given up', reused: false })
    expect(server.heads).toHaveLength(1)
  })
})

describe('the throttle', () => {
  it('is on when the reply has the word, wherever it stands', () => {
    expect(asksToThrottle({ status: 206, body: '<MediaContainer size="0" canThrottle="1"/>' })).toBe(true)
    expect(asksToThrottle({ status: 206, body: '<MediaContainer size="0"/>' })).toBe(false)
    expect(asksToThrottle({ status: 204, body: '' })).toBe(false)
  })

  it('is left as it was by a server in trouble', () => {
    expect(asksToThrottle({ status: 500, body: 'canThrottle' })).toBeNull()
    expect(asksToThrottle({ failed: 'gone', reused: false })).toBeNull()
  })
})
