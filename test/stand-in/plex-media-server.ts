import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseList } from '../golden/compare-lists.ts'
import type { RecordedRequest } from '../golden/recording.ts'
import { digestOf, listFiles } from './session-listing.ts'

export interface PlexMediaServerOptions {
  /** The job's working directory, listed whenever a segment list is posted; see `watch` to name it later. */
  readonly directory?: string
  /** Whether the reply to the nth progress report (from 1) asks to throttle. */
  readonly throttle?: (report: number) => boolean
  /** Called for each request when it has been recorded; what it throws fails the request and is kept as a problem. */
  readonly onRequest?: (request: RecordedRequest) => void
  /** Milliseconds before each reply. */
  readonly delayMilliseconds?: number
}

/**
 * A stand-in for Plex Media Server on a free loopback port: it takes what a transcoder sends, answers as Plex does,
 * and remembers everything.
 */
export interface PlexMediaServer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly requests: readonly RecordedRequest[]
  /** Connections accepted so far. */
  readonly connections: number
  /** Starts the clock of a new job in this working directory and forgets the one before. */
  watch(directory: string): void
  /** Requests that were refused, and announced files that were missing, empty or changed by now. */
  problems(): readonly string[]
  close(): Promise<void>
}

export async function startPlexMediaServer(options: PlexMediaServerOptions = {}): Promise<PlexMediaServer> {
  let directory = options.directory ?? null
  let began = performance.now()
  let connections = 0
  let reports = 0
  const requests: RecordedRequest[] = []
  const refused: string[] = []
  const digests = new Map<string, string>()

  async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const request = record(incoming, Buffer.concat(parts).toString('utf8'))
    if (options.delayMilliseconds) await new Promise((done) => setTimeout(done, options.delayMilliseconds))
    requests.push(request)
    options.onRequest?.(request)
    const status = statusFor(request, incoming.socket.remoteAddress)
    if (status >= 400) refused.push(`${status} for ${request.method} ${request.url}`)
    answer(outgoing, status, request)
  }

  function record(incoming: IncomingMessage, body: string): RecordedRequest {
    const url = incoming.url ?? ''
    const isList = /\/(manifest|seglist)(\?|$)/.test(url)
    const isReport = incoming.method === 'PUT' && url.includes('/progress?progress=')
    if (isReport) reports += 1
    return {
      t: Math.round(performance.now() - began),
      method: incoming.method ?? '',
      url,
      headers: headersOf(incoming),
      body,
      ...(isReport && options.throttle?.(reports) ? { reply: 'canThrottle' as const } : {}),
      ...(isList && directory !== null ? { files: listFiles(directory), digests: announce(body) } : {}),
    }
  }

  /** Digests of the files that this list is the first to announce. */
  function announce(body: string): Record<string, string> {
    const first: Record<string, string> = {}
    for (const { open, name } of parseList(body)) {
      if (open || digests.has(name)) continue
      first[name] = digestOf(join(directory ?? '', name)) ?? 'missing'
      digests.set(name, first[name])
    }
    return first
  }

  const server = createServer((incoming, outgoing) => {
    take(incoming, outgoing).catch((error: unknown) => {
      refused.push(`${incoming.method} ${incoming.url}: ${error}`)
      outgoing.destroy()
    })
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return connections
    },
    watch(next) {
      directory = next
      began = performance.now()
      reports = 0
      requests.length = 0
      refused.length = 0
      digests.clear()
    },
    problems: () => [...refused, ...changed(directory ?? '', digests), ...empty(requests)],
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** Plex answers a ranged PUT with 206, takes log lines, knows no other POST to the progress address, and no strangers. */
function statusFor(request: RecordedRequest, from: string | undefined): number {
  if (from !== '127.0.0.1') return 401
  const path = request.url.split('?')[0] ?? ''
  if (request.method === 'POST') {
    return /\/progress\/log$|\/(manifest|seglist)$|^\/log$/.test(path) ? 200 : 404
  }
  return request.method === 'PUT' && /\/progress(\/stream|\/streamDetail)?$/.test(path) ? 206 : 404
}

function answer(outgoing: ServerResponse, status: number, request: RecordedRequest): void {
  const throttle = request.reply === 'canThrottle' ? ' canThrottle="1"' : ''
  const body =
    status === 206
      ? `<?xml version="1.0" encoding="UTF-8"?>\n<MediaContainer size="0"${throttle}>\n</MediaContainer>\n`
      : ''
  outgoing.writeHead(status, {
    'Content-Type': 'text/xml;charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  })
  outgoing.end(body)
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    headers[name] = name === 'host' ? '{PMS_HOST}' : String(value)
  }
  return headers
}

function changed(directory: string, digests: ReadonlyMap<string, string>): string[] {
  return [...digests].flatMap(([name, digest]) => {
    if (digest === 'missing') return [`${name} was announced and not there`]
    const now = digestOf(join(directory, name))
    if (now === null) return [`${name} was announced and is gone`]
    return now === digest ? [] : [`${name} changed after it was announced`]
  })
}

function empty(requests: readonly RecordedRequest[]): string[] {
  const problems = requests.flatMap((request) => {
    const listing = new Map(request.files)
    return request.files === undefined
      ? []
      : parseList(request.body)
          .filter((row) => !row.open && listing.get(row.name) === 0)
          .map((row) => `${row.name} was announced and empty`)
  })
  return [...new Set(problems)]
}
