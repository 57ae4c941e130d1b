import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Certificate } from '../../cluster/certificate.ts'
import type { LeaseBook } from './lease-book.ts'
import { addMediaRoute } from './media-route.ts'
import { addSegmentRoute } from './segment-route.ts'

export interface DataServer {
  readonly port: number
  close(): Promise<void>
}

export interface DataServerOptions {
  readonly certificate: Certificate
  readonly leases: LeaseBook
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

/** The head's one HTTPS server: media out, segments in, and the API. */
export async function startDataServer(options: DataServerOptions): Promise<DataServer> {
  const { certificate, key } = options.certificate
  const server = fastify({
    https: { cert: certificate, key },
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: true,
    // A HEAD would read the whole file off the disk to say nothing.
    exposeHeadRoutes: false,
  }) as unknown as FastifyInstance
  server.setErrorHandler((error, request, reply) => answerFailure(options.log, error, request, reply))
  addMediaRoute(server, options.leases)
  addSegmentRoute(server, options.leases)
  options.addRoutes(server)
  await server.listen(options.listen)
  const { port } = server.server.address() as AddressInfo
  return { port, close: () => server.close() }
}

/** 507 (RFC 4918, 11.5) tells a node that the head's disk is full: nothing is wrong with what it sent. */
const diskFullStatus = 507

function answerFailure(log: ServerLog, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const status = statusOf(error)
  const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`
  if (status >= 500) log.error({ error, route, status }, 'a request failed')
  else log.warn({ error, route, status }, 'a request was refused')
  const message = error instanceof Error ? error.message : String(error)
  return reply.code(status).send({ code: status >= 500 ? 'E_INTERNAL' : 'E_USAGE', message })
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500
  const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown }
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFullStatus
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500
}
