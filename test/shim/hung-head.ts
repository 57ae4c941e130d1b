import { spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'

/** A head that is stopped (SIGSTOP): it lives, its socket takes connections, and nothing ever answers. */
export interface HungHead {
  /** Goes on (SIGCONT) and from then on answers `local` to whatever it is told, also to what waits already. */
  wake(): void
  stop(): Promise<void>
}

const program = `
const { createServer } = require('node:net')
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  socket.once('data', () => socket.end(Buffer.from([0, 0, 0, 0, 0x82])))
})
server.listen({ path: process.argv[1], backlog: Number(process.argv[2]) }, () => console.log('ready'))
`

/** Starts it; `backlog` is how many connections the kernel takes for it. */
export async function hungHead(path: string, backlog = 511): Promise<HungHead> {
  const child = spawn(process.execPath, ['-e', program, path, String(backlog)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((ready) => child.stdout.once('data', ready))
  child.kill('SIGSTOP')
  return {
    wake: () => void child.kill('SIGCONT'),
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Connects until the kernel takes no more; returns what to destroy in the end. */
export async function fillBacklog(path: string): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  for (let isFull = false; !isFull && sockets.length < 1000; ) {
    const socket = connect(path)
    sockets.push(socket)
    isFull = await new Promise((resolve) => {
      socket.once('connect', () => resolve(false))
      socket.once('error', () => resolve(true))
    })
  }
  return sockets
}
