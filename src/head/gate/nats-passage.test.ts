import { once } from 'node:events'
import { type AddressInfo, createServer, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { passToNats } from './nats-passage.ts'

it('a client that went while it waited is not passed on, where its connection would stay open for ever', async () => {
  let passed = 0
  const nats = createServer((socket) => {
    passed += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void nats.close())
  await once(nats, 'listening')
  const { port } = nats.address() as AddressInfo
  const outside = new TLSSocket(new Socket())
  outside.destroy()
  await passToNats(outside, port)
  await sleep(100)
  expect(passed).toBe(0)
})
