import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { openAccess } from './access/open-access.ts'
import { type ApiHead, addApiRoutes } from './api/routes.ts'
import { type DataServer, type DataServerOptions, startDataServer } from './data/data-server.ts'
import type { HeadOptions } from './head-options.ts'
import { addJoinRoute } from './join/join-route.ts'
import type { Registry } from './join/registry.ts'
import { openOnPort } from './kept-ports.ts'
import { readDashboard } from './web/dashboard-files.ts'
import { addDashboard } from './web/dashboard-routes.ts'
import { securityHeaders } from './web/security-headers.ts'

/** What is served besides the API. */
export interface Served extends Pick<DataServerOptions, 'gate' | 'leases' | 'refusals' | 'onNode'> {
  readonly registry: Registry
}

/** Where `npm run build` leaves the dashboard: `dist/web`, seen from `src/head` and from `dist/head`. */
const dashboardFolder = fileURLToPath(new URL('../../dist/web', import.meta.url))

/** Opens the head's one port: nodes, API and dashboard. Throws PacelineError. */
export async function openHeadServer(
  options: HeadOptions,
  { registry, ...served }: Served,
  keptPort: number,
  head: ApiHead,
): Promise<DataServer> {
  const { dataFolder, log } = options
  const [desk, dashboard] = await Promise.all([
    openAccess(dataFolder, () => performance.now(), log),
    readDashboard(dashboardFolder),
  ])
  const open = (port: number): Promise<DataServer> =>
    startDataServer({
      ...{ ...served, listen: { host: options.host, port }, log },
      addRoutes(server) {
        addJoinRoute(server, registry, served.gate, served.refusals)
        addSecurityHeaders(server)
        addDashboard(server, dashboard)
        addApiRoutes(server, head, { desk, onCaller: served.gate.vouch, refusals: served.refusals }, log)
      },
    })
  return openOnPort({ named: options.port, kept: keptPort }, open, (port) =>
    log.warn(
      { port },
      `something else has the port of the last start, where nodes elsewhere look for this head: free it, and start with --port ${port}`,
    ),
  )
}

/** Of nodes there are many requests in a second, and none of them is a browser's. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/data/')) reply.headers(securityHeaders)
  })
}
