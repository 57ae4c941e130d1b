import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readNatsGreeting } from './nats-greeting.ts'

/** The port of a server that says `pieces` to whoever connects, and then hangs up or not. */
async function speaker(pieces: readonly string[], hangUp = false): Promise<number> {
  const server = createServer(async (socket) => {
    socket.on('error', () => undefined)
    for (const piece of pieces) {
      socket.write(piece)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    if (hangUp) socket.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}

const info =
  '{"server_id":"NA","server_name":"one","version":"2.9.10","port":4222,"jetstream":true,"tls_required":true}'

describe('the greeting of a nats-server', () => {
  it('is read, also when it comes in pieces', async () => {
    const port = await speaker(['INFO {"server_id":"NA",', info.slice('{"server_id":"NA",'.length), ' \r\n'])
    expect(await readNatsGreeting('127.0.0.1', port, 1_000)).toEqual({
      serverId: 'NA',
      name: 'one',
      version: '2.9.10',
      port: 4222,
      jetStream: true,
      tlsRequired: true,
    })
  })

  it('says no JetStream and no TLS where nothing is said of them', async () => {
    const port = await speaker([
      'INFO {"server_id":"NA","server_name":"one","version":"2.9.10","port":1}\r\n',
    ])
    expect(await readNatsGreeting('127.0.0.1', port, 1_000)).toMatchObject({
      jetStream: false,
      tlsRequired: false,
    })
  })

  it('is not taken from another kind of server', async () => {
    for (const words of ['220 mail.example ESMTP\r\n', 'INFO \r\n', 'INFO {broken}\r\n', 'INFO null\r\n']) {
      const greeting = readNatsGreeting('127.0.0.1', await speaker([words]), 1_000)
      await expect(greeting, words).rejects.toThrow('does not greet as a NATS server does')
    }
  })

  it('is not waited for beyond the time, nor after the end', async () => {
    await expect(readNatsGreeting('127.0.0.1', await speaker([]), 50)).rejects.toThrow('within 50 ms')
    await expect(readNatsGreeting('127.0.0.1', await speaker(['INFO'], true), 1_000)).rejects.toThrow(
      'hung up',
    )
  })

  it('has an end, however long the other side talks', async () => {
    const port = await speaker(['x'.repeat(70_000)])
    await expect(readNatsGreeting('127.0.0.1', port, 1_000)).rejects.toThrow('does not greet')
  })
})
