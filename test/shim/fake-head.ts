import { createServer, type Server, type Socket } from 'node:net'
import { type Frame, FrameReader, fromShim } from '../../src/head/door/frame.ts'

/** A head that speaks raw bytes, to say what a real one never would. */
export interface FakeHead {
  readonly server: Server
  /** Frames of all connections, in the order they came. */
  readonly frames: readonly Frame[]
  /** Connections that have ended. */
  readonly ended: () => number
  close(): Promise<void>
}

/** Listens and calls back for each frame that a shim sends. */
export async function fakeHead(
  path: string,
  onFrame: (frame: Frame, socket: Socket) => void,
): Promise<FakeHead> {
  const frames: Frame[] = []
  const sockets = new Set<Socket>()
  let ended = 0
  const server = createServer((socket) => {
    const reader = new FrameReader(fromShim)
    sockets.add(socket)
    socket.on('data', (chunk) => {
      for (const frame of reader.read(chunk)) {
        frames.push(frame)
        onFrame(frame, socket)
      }
    })
    // The shim may well end before all of a test's bytes are written.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      ended++
      sockets.delete(socket)
    })
  })
  await new Promise<void>((listening) => server.listen(path, listening))
  return {
    server,
    frames,
    ended: () => ended,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
