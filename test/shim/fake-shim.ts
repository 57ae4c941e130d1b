import { connect, type Socket } from 'node:net'
import { type Frame, FrameReader, fromHead } from '../../src/head/door/frame.ts'

/** A shim that speaks raw bytes, to say what the real one never would. */
export interface FakeShim {
  readonly socket: Socket
  /** Frames from the head so far. */
  readonly frames: readonly Frame[]
  /** The next frame from the head, or undefined when the head has closed. */
  next(): Promise<Frame | undefined>
  /** Resolves when the head has closed the connection. */
  readonly closed: Promise<void>
}

export async function fakeShim(path: string, ...words: readonly Uint8Array[]): Promise<FakeShim> {
  const socket = connect(path)
  const reader = new FrameReader(fromHead)
  const frames: Frame[] = []
  let taken = 0
  let isClosed = false
  let wake = () => {}
  socket.on('data', (chunk) => {
    frames.push(...reader.read(chunk))
    wake()
  })
  // That the head closes early is what several tests are about.
  socket.on('error', () => socket.destroy())
  const closed = new Promise<void>((resolve) =>
    socket.on('close', () => {
      isClosed = true
      wake()
      resolve()
    }),
  )
  await new Promise((resolve) => socket.once('connect', resolve))
  for (const word of words) socket.write(word)
  return {
    socket,
    frames,
    closed,
    next: async () => {
      while (taken === frames.length && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return frames[taken++]
    },
  }
}
