import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type AnnouncedRow, createAnnouncedRows } from './announced-rows.ts'
import { pageText, playlistText } from './playlist.ts'

/**
 * What a media server is to its transcoder and to players, as far as a demonstration needs it: takes the calls of one
 * job, and serves what was announced as a playlist. On a free port of the loopback address.
 */
export interface DemoServer {
  /** `http://127.0.0.1:port/`, a page; the playlist is `index.m3u8` below. */
  readonly url: string
  /** Base of the job's calls. */
  readonly jobUrl: string
  readonly rows: () => readonly AnnouncedRow[]
  /** Seconds of the film that are announced. */
  readonly announcedSeconds: () => number
  /** What the transcoder logged, oldest first. */
  readonly messages: () => readonly string[]
  /** Nothing more will be announced: the playlist is whole. */
  finish(): void
  close(): Promise<void>
}

/** A segment list is a few hundred bytes. */
const bodyLimitBytes = 64 * 1024
const mostMessages = 50

/** @param folder the job's working directory, where its segments appear. */
export async function startDemoServer(folder: string): Promise<DemoServer> {
  const job = new DemoJob(folder)
  const server = createServer((incoming, outgoing) => {
    job.answer(incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${origin}/`,
    jobUrl: `${origin}${job.path}`,
    rows: () => job.rows.all(),
    announcedSeconds: () => job.rows.endSeconds(),
    messages: () => job.messages,
    finish: () => job.finish(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

class DemoJob {
  /** Long and random, like Plex's own: no other program on this machine can report to the job by accident. */
  readonly path = `/video/:/transcode/session/demo/${randomUUID()}`
  readonly rows = createAnnouncedRows()
  readonly messages: string[] = []
  readonly #folder: string
  #whole = false

  constructor(folder: string) {
    this.#folder = folder
  }

  finish(): void {
    this.#whole = true
  }

  async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
    const body = await readBody(incoming)
    if (body === null) send(outgoing, tooLong)
    else if (incoming.method === 'GET' || incoming.method === 'HEAD') {
      await this.#serve(url.pathname.slice(1), incoming, outgoing)
    } else if (!url.pathname.startsWith(`${this.path}/`)) send(outgoing, notFound)
    else {
      const call = url.pathname.slice(this.path.length + 1)
      send(outgoing, this.#take(`${incoming.method} ${call}`, url.searchParams, body))
    }
  }

  /** The calls of the job, as Plex answers them: 206 and an empty container for its ranged PUTs. */
  #take(call: string, query: URLSearchParams, body: string): Reply {
    switch (call) {
      case 'PUT progress':
      case 'PUT progress/stream':
      case 'PUT progress/streamDetail':
        return { status: 206, body: emptyContainer, type: 'text/xml;charset=utf-8' }
      case 'POST progress/log':
        this.#log(query.get('message') ?? '')
        return accepted
      case 'POST manifest':
        this.rows.take(body)
        return accepted
      default:
        return notFound
    }
  }

  #log(message: string): void {
    if (this.messages.length < mostMessages) this.messages.push(message)
  }

  async #serve(name: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (name === '') {
      const playlist = `http://${incoming.headers.host ?? '127.0.0.1'}/index.m3u8`
      send(outgoing, { status: 200, body: pageText(escaped(playlist)), type: 'text/html;charset=utf-8' })
      return
    }
    if (name === 'index.m3u8') {
      const body = playlistText(this.rows.all(), this.#whole)
      send(outgoing, { status: 200, body, type: 'application/vnd.apple.mpegurl' })
      return
    }
    // Only names that were announced: nothing else of the folder, and nothing outside.
    if (!this.rows.has(name)) {
      send(outgoing, notFound)
      return
    }
    const path = join(this.#folder, name)
    const { size } = await stat(path)
    outgoing.writeHead(200, { 'Content-Type': 'video/mp2t', 'Content-Length': size })
    if (incoming.method === 'HEAD') outgoing.end()
    else await pipeline(createReadStream(path), outgoing)
  }
}

interface Reply {
  readonly status: number
  readonly body: string
  readonly type: string
}

const emptyContainer =
  '<?xml version="1.0" encoding="UTF-8"?>\n<MediaContainer size="0">\n</MediaContainer>\n'
const accepted: Reply = { status: 200, body: '', type: 'text/plain' }
const notFound: Reply = { status: 404, body: '', type: 'text/plain' }
const tooLong: Reply = { status: 413, body: '', type: 'text/plain' }

function send(outgoing: ServerResponse, { status, body, type }: Reply): void {
  outgoing.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  })
  outgoing.end(body)
}

/** Null: too long. */
async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of incoming) {
    bytes += (part as Buffer).length
    if (bytes > bodyLimitBytes) return null
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
