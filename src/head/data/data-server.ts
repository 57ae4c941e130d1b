import type { Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { errorTable } from '../../errors.ts'
import type { Gate } from '../gate/gate.ts'
import type { RefusalLog } from '../refusal-log.ts'
import type { LeaseBook } from './lease-book.ts'
import { createLeaseDesk } from './lease-desk.ts'
import { addMediaRoute } from './media-route.ts'
import { addSegmentRoute } from './segment-route.ts'

export interface DataServer {
  readonly port: number
  close(): Promise<void>
}

export interface DataServerOptions {
  readonly gate: Gate
  readonly leases: LeaseBook
  readonly refusals: RefusalLog
  /** A node has asked for something: it lives. */
  readonly onNode?: (id: string) => void
  readonly listen: { readonly host: string; readonly port: number }
  /** Adds the routes that are not the data plane's. */
  readonly addRoutes: (server: FastifyInstance) => void
  /** Hears of every request that failed: error and route, never headers or bodies, which hold tokens. */
  readonly log: ServerLog
}

/** pino's, as far as a server needs it. */
export interface ServerLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Longer than any pause of an agent between two segments. */
const keepAliveMs = 120_000

/** Nobody needs longer for the head of a request; bodies may take their time over a slow network. */
const headersTimeoutMs = 15_000

/** The head's one port: media out, segments in, the API, and NATS passed through by the gate. */
export async function startDataServer(options: DataServerOptions): Promise<DataServer> {
  const { gate, leases, refusals, onNode = () => undefined } = options
  const server = fastify({
    https: { ...gate.tls, headersTimeout: headersTimeoutMs, connectionsCheckingInterval: 5_000 },
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: true,
    // A HEAD would read the whole file off the disk to say nothing.
    exposeHeadRoutes: false,
    clientErrorHandler: (error, socket) => answerNonsense(options, error, socket),
  }) as unknown as FastifyInstance
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ code: 'E_REQUEST', message: `There is no ${request.method} ${request.url}.` }),
  )
  server.setErrorHandler((error, request, reply) => answerFailure(options, error, request, reply))
  const nodeOf = (request: FastifyRequest) => gate.nodeOf(request.raw.socket)
  const formerNodeOf = (request: FastifyRequest) => gate.formerNodeOf(request.raw.socket)
  const desk = createLeaseDesk({ leases, nodeOf, formerNodeOf, refusals, onNode })
  addMediaRoute(server, desk)
  addSegmentRoute(server, desk)
  options.addRoutes(server)
  gate.guard(server.server as unknown as Server)
  await server.listen(options.listen)
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    async close() {
      const closed = server.close()
      gate.close()
      await closed
    },
  }
}

/** 507 (RFC 4918, 11.5) tells a node that the head's disk is full: nothing is wrong with what it sent. */
const diskFullStatus = 507

function answerFailure(
  { log, refusals, gate }: DataServerOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const status = statusOf(error)
  const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`
  const message = error instanceof Error ? error.message : String(error)
  if (status >= 500) {
    log.error({ error, route, status }, 'a request failed')
    // What exactly is for the log alone: paths and the like are nobody else's business.
    const { what, hint } = errorTable.E_INTERNAL
    return reply.code(status).send({ code: 'E_INTERNAL', message: what, hint })
  }
  const isHalf = (error as NodeJS.ErrnoException).code === 'ECONNRESET'
  const code = status === tooLargeStatus ? 'E_TOO_LARGE' : isHalf ? 'E_REQUEST' : 'E_USAGE'
  const who = gate.nodeOf(request.raw.socket)?.name ?? request.ip
  refusals.note(code, who, `${route}: ${message}`)
  return reply.code(status).send({ code, message })
}

/** What is no HTTP, or too much or half of it, never comes to a route: it is answered here, and logged once. */
function answerNonsense(
  { gate, refusals }: Pick<DataServerOptions, 'gate' | 'refusals'>,
  error: NodeJS.ErrnoException,
  socket: Socket,
): void {
  // Whoever has gone wants no answer.
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const tooLong = error.code === 'HPE_HEADER_OVERFLOW'
  const code = tooLong ? 'E_TOO_LARGE' : 'E_REQUEST'
  const line = tooLong
    ? '431 Request Header Fields Too Large'
    : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '408 Request Timeout'
      : '400 Bad Request'
  const who = gate.nodeOf(socket)?.name ?? gate.formerNodeOf(socket) ?? socket.remoteAddress ?? 'unknown'
  refusals.note(code, who, error.code, 'HTTP')
  const body = JSON.stringify({ code, message: errorTable[code].what })
  const head = ['content-type: application/json', `content-length: ${body.length}`, 'connection: close']
  socket.end(`HTTP/1.1 ${[line, ...head].join('\r\n')}\r\n\r\n${body}`)
}

/** RFC 9110, 15.5.14. */
const tooLargeStatus = 413

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500
  const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown }
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFullStatus
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500
}
