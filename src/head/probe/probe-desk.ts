import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { guardLoopback } from '../../cluster/loopback-guard.ts'
import { readByteRange } from '../data/byte-range.ts'
import type { ByteSource } from './byte-source.ts'

/** An address on 127.0.0.1 that nobody can guess, for one ffprobe. */
export interface ProbeAddress {
  readonly url: string
  /** Answers what has been asked so far, and from now on. Before, whoever asks waits. */
  serve(source: ByteSource): void
  /** Breaks off what is being asked; the source is left open. */
  close(): void
}

/** Where ffprobe reads a file that it could not be given the path of: it came later, or is elsewhere. */
export interface ProbeDesk {
  reserve(): ProbeAddress
  close(): Promise<void>
}

/**
 * FFmpeg asks for all the rest of a file and leaves, often after a few bytes, for another place of it. So little is
 * read at first, and more the longer it stays.
 */
const firstPieceBytes = 32 * 1024
const mostPieceBytes = 512 * 1024

/** `log` hears of other users who asked. */
export async function openProbeDesk(log: Pick<Logger, 'warn'>): Promise<ProbeDesk> {
  const sources = new Map<string, Promise<ByteSource>>()
  const server = createServer((request, response) => {
    const source = sources.get(request.url?.slice(1) ?? '')
    if (source === undefined) response.writeHead(404, { connection: 'close' }).end()
    else void answer(source, request, response).catch(() => response.destroy())
  })
  guardLoopback(server, log)
  // One that waits for its file has asked for it, and is in no hurry.
  server.requestTimeout = 0
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    reserve: () => {
      const token = randomBytes(16).toString('hex')
      let serve: (source: ByteSource) => void = () => {}
      let refuse: (error: Error) => void = () => {}
      const source = new Promise<ByteSource>((resolve, reject) => {
        serve = resolve
        refuse = reject
      })
      source.catch(() => undefined)
      sources.set(token, source)
      return {
        url: `http://127.0.0.1:${port}/${token}`,
        serve,
        close: () => {
          sources.delete(token)
          refuse(new Error('nobody wants this probe any more'))
        },
      }
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  waited: Promise<ByteSource>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const source = await waited
  const range = readByteRange(request.headers.range, source.size)
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${source.size}` }).end()
    return
  }
  const { first, last } = range ?? { first: 0, last: source.size - 1 }
  response.writeHead(range ? 206 : 200, {
    'accept-ranges': 'bytes',
    'content-length': last - first + 1,
    ...(range && { 'content-range': `bytes ${first}-${last}/${source.size}` }),
  })
  let pieceBytes = firstPieceBytes
  for (let at = first; at <= last && !response.destroyed; ) {
    const bytes = await source.read(at, Math.min(pieceBytes, last + 1 - at))
    if (bytes.length === 0) throw new Error('the file is shorter than it was')
    at += bytes.length
    pieceBytes = Math.min(2 * pieceBytes, mostPieceBytes)
    if (!response.write(bytes)) await drained(response)
  }
  response.end()
}

/** Resolves when the response takes more bytes, or is closed. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
    if (response.destroyed) done()
  })
}
