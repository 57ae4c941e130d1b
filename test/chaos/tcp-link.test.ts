import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fairWeather, openTcpLink, type TcpLink } from './tcp-link.ts'

let link: TcpLink
let port: number
let atHead: Socket[]
let heard: string
const closers: (() => unknown)[] = []

beforeEach(async () => {
  atHead = []
  heard = ''
  const head = createServer((socket) => {
    atHead.push(socket)
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text
      socket.write(text.toUpperCase())
    })
    socket.on('error', () => undefined)
  })
  head.listen(0, '127.0.0.1')
  await once(head, 'listening')
  port = (head.address() as AddressInfo).port
  link = await openTcpLink({ address: '127.0.77.1', head: '127.0.0.1', port })
  closers.push(
    () => link.close(),
    () => head.close(),
  )
})

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A node's end. */
async function open(): Promise<{ socket: Socket; read: () => string }> {
  const socket = connect(port, '127.0.77.1').on('error', () => undefined)
  let text = ''
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  await once(socket, 'connect')
  closers.push(() => socket.destroy())
  return { socket, read: () => text }
}

describe('a network that obeys', () => {
  it('passes on what is said, in both directions, and its end', async () => {
    const { socket, read } = await open()
    socket.write('hello')
    await expect.poll(read).toBe('HELLO')
    socket.end(', and bye')
    await expect.poll(read).toBe('HELLO, AND BYE')
    await expect.poll(() => atHead[0]!.readableEnded).toBe(true)
  })

  it('holds everything while it is cut, counts it, and gives it out afterwards in order', async () => {
    const { socket, read } = await open()
    socket.write('one ')
    await expect.poll(read).toBe('ONE ')
    link.set({ ...fairWeather, isCut: true })
    socket.write('two ')
    await sleep(100)
    const other = await open()
    other.socket.write('x')
    await sleep(100)
    expect([heard, read()]).toEqual(['one ', 'ONE '])
    expect(link.counts).toMatchObject({ heldBytes: 5, heldConnections: 1 })
    link.set(fairWeather)
    await expect.poll(read).toBe('ONE TWO ')
    await expect.poll(other.read).toBe('X')
    expect(link.counts.heldBytes).toBe(5)
  })

  it('is slow when told so, and says how much went slowly', async () => {
    const { socket, read } = await open()
    link.set({ isCut: false, delayMs: 100, bytesPerSecond: 100 })
    const began = performance.now()
    socket.write('twenty bytes of text')
    await expect.poll(read, { timeout: 3_000 }).toHaveLength(20)
    // Both ways: twice 100 ms of delay and 200 ms of sending.
    expect(performance.now() - began).toBeGreaterThan(550)
    expect(link.counts.delayedBytes).toBe(40)
  })

  it('tears what is open, and takes the next connection', async () => {
    const { socket } = await open()
    socket.write('x')
    await expect.poll(() => atHead.length).toBe(1)
    expect(link.tear()).toBe(1)
    await expect.poll(() => [socket.destroyed, atHead[0]!.destroyed]).toEqual([true, true])
    const again = await open()
    again.socket.write('again')
    await expect.poll(again.read).toBe('AGAIN')
  })
})
