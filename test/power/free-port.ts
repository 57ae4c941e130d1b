import { createSocket } from 'node:dgram'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A TCP port that was free just now, for a program that cannot ask the kernel for one itself. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** As `freePort`, for UDP. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(() => resolve()))
  return port
}

/** Waits until somebody listens on a TCP port. */
export async function listening(port: number, limitMs = 10_000): Promise<void> {
  for (const untilMs = performance.now() + limitMs; performance.now() < untilMs; ) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => resolve(true)).once('error', () =>
        resolve(false),
      )
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  throw new Error(`nobody listens on port ${port}`)
}
