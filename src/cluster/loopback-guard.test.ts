import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { guardLoopback } from './loopback-guard.ts'

const own = process.getuid!()
let server: Server
let warned: { fields: object; message: string }[]
const log = { warn: (fields: object, message: string) => void warned.push({ fields, message }) }

beforeEach(async () => {
  warned = []
  server = createServer((socket) => socket.end('served'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => new Promise((done) => server.close(done)))

/** What somebody gets who connects; the empty text when the connection is closed. */
async function asked(): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.on('error', () => undefined)
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

describe('a server on 127.0.0.1 whose addresses everybody can read', () => {
  it.each([
    ['its own user', own, 'served'],
    ['root', 0, 'served'],
    ['another user', own + 1, ''],
    ['somebody of whom the kernel does not say', null, 'served'],
  ])('gives %s what is asked for, or nothing', async (_who, uid, got) => {
    guardLoopback(server, log, () => ({ ownerOf: () => uid }))
    expect(await asked()).toBe(got)
  })

  it('tells of each stranger once', async () => {
    const users = [own + 1, own + 2, own + 1]
    guardLoopback(server, log, () => ({ ownerOf: () => users.shift()! }))
    for (let visit = 0; visit < 3; visit++) await asked()
    expect(warned.map(({ fields }) => fields)).toEqual([
      { code: 'E_LOOPBACK_USER', uid: own + 1 },
      { code: 'E_LOOPBACK_USER', uid: own + 2 },
    ])
  })

  it('tells once when its addon has not been built', async () => {
    guardLoopback(server, log, () => {
      throw new Error('no such file')
    })
    expect([await asked(), await asked()]).toEqual(['served', 'served'])
    expect(warned).toHaveLength(1)
  })

  it('tells once when the kernel does not say', async () => {
    guardLoopback(server, log, () => ({ ownerOf: () => null }))
    expect([await asked(), await asked()]).toEqual(['served', 'served'])
    expect(warned).toHaveLength(1)
  })
})
