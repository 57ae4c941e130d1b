import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { guardLoopback } from '../cluster/loopback-guard.ts'
import type { Log } from './log.ts'

/** What ffmpeg may ask of its own agent for one lease. */
export interface LeaseRoutes {
  serveInput(index: number, request: IncomingMessage, response: ServerResponse): void
  takeSegment(number: number, request: IncomingMessage, response: ServerResponse, proceed: () => void): void
}

export interface LeaseAddresses {
  /** Base address for segments, without a slash at its end. */
  readonly output: string
  input(index: number): string
  /** From now on the addresses lead to `routes`. Before, and after close, they lead nowhere. */
  serve(routes: LeaseRoutes): void
  close(): void
}

/** The HTTP server on 127.0.0.1 that the agent's ffmpeg processes read from and write to; no other user's. */
export interface Loopback {
  readonly port: number
  /** Addresses for a lease that nobody can guess. */
  reserve(): LeaseAddresses
  close(): Promise<void>
}

/**
 * A user in an address makes FFmpeg's http protocol (libavformat/http.c, send_expect_100 at its default) ask with
 * `Expect: 100-continue` before it sends a body. So a segment that is not wanted yet stays in ffmpeg instead of
 * in socket buffers, which swallow whole segments.
 */
const expectContinue = 'expect:continue'

export async function startLoopback(log: Pick<Log, 'warn'>): Promise<Loopback> {
  const leases = new Map<string, LeaseRoutes>()
  const server = createServer((request, response) => route(leases, request, response, () => {}))
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
    route(leases, request, response, () => response.writeContinue()),
  )
  guardLoopback(server, { warn: (fields, message) => log.warn(message, { ...fields }) })
  // A paused segment may stay open for as long as the viewer pauses.
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    reserve: () => {
      const token = randomBytes(16).toString('hex')
      return {
        output: `http://${expectContinue}@127.0.0.1:${port}/out/${token}`,
        input: (index) => `http://127.0.0.1:${port}/in/${token}/${index}`,
        serve: (routes) => leases.set(token, routes),
        close: () => leases.delete(token),
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

function route(
  leases: ReadonlyMap<string, LeaseRoutes>,
  request: IncomingMessage,
  response: ServerResponse,
  proceed: () => void,
): void {
  const [, side, token = '', digits = ''] =
    /^\/(in|out)\/([0-9a-f]{32})\/(\d{1,15})$/.exec(request.url ?? '') ?? []
  const lease = leases.get(token)
  if (lease === undefined) response.writeHead(404, { connection: 'close' }).end()
  else if (side === 'in') lease.serveInput(Number(digits), request, response)
  else if (request.method === 'POST' || request.method === 'PUT') {
    lease.takeSegment(Number(digits), request, response, proceed)
  } else response.writeHead(405, { allow: 'POST', connection: 'close' }).end()
}
