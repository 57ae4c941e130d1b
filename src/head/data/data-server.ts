import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
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
  addMediaRoute(server, options.leases)
  addSegmentRoute(server, options.leases)
  options.addRoutes(server)
  await server.listen(options.listen)
  const { port } = server.server.address() as AddressInfo
  return { port, close: () => server.close() }
}
