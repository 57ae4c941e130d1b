import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openListClient } from './list-client.ts'
import { nodeExchange } from './testing/node-exchange.ts'

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** A server that collects each connection's bytes and answers when the last chunk is there. */
async function rawServer(reply: string | null) {
  const conversations: string[] = []
  const server = createServer((socket: Socket) => {
    const index = conversations.push('') - 1
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      conversations[index] += data.toString('latin1')
      if (conversations[index]?.endsWith('0\r\n\r\n') && reply !== null) socket.end(reply)
    })
    open.push({ close: () => socket.destroy() })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push(server)
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, conversations }
}

function client(host: string, timeoutMilliseconds = 2000) {
  const listUrl = `http://${host}/video/:/transcode/session/s/j/manifest?X-Plex-Http-Pipeline=infinite`
  return openListClient({
    ...{ listUrl, timeoutMilliseconds, exchange: nodeExchange() },
    signal: new AbortController().signal,
  })
}

const taken = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'

describe('the list client', () => {
  it('posts the list in chunks with exactly the recorded head, and no token', async () => {
    const { host, conversations } = await rawServer(taken)
    expect(await client(host).post('media-00000.ts,0,3\n')).toEqual({ status: 200, body: 'ok' })
    expect(conversations).toEqual([
      [
        'POST /video/:/transcode/session/s/j/manifest?X-Plex-Http-Pipeline=infinite HTTP/1.1',
        'Transfer-Encoding: chunked',
        'User-Agent: Lavf/60.16.100',
        'Accept: */*',
        'Connection: close',
        `Host: ${host}`,
        'Icy-MetaData: 1',
        '',
        '13',
        'media-00000.ts,0,3\n',
        '0',
        '',
        '',
      ].join('\r\n'),
    ])
  })

  it('opens a connection for each list', async () => {
    const { host, conversations } = await rawServer(taken)
    const { post } = client(host)
    for (let count = 0; count < 3; count += 1) await post('x\n')
    expect(conversations).toHaveLength(3)
  })

  it('survives a server that does not answer', async () => {
    const { host } = await rawServer(null)
    expect(await client(host, 100).post('x\n')).toMatchObject({ failed: 'no reply in time' })
  })

  it('survives a server that is gone', async () => {
    const { host } = await rawServer(taken)
    for (const one of open.splice(0)) one.close()
    expect(await client(host).post('x\n')).toMatchObject({
      failed: expect.stringMatching(/ECONNREFUSED|ECONNRESET/),
    })
  })
})
