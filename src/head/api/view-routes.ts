import type { FastifyInstance, FastifyReply } from 'fastify'
import { PacelineError } from '../../errors.ts'
import type { LogLine, NodeDetail } from './contract/node-detail.ts'
import type { AllSegments, SessionDetail } from './contract/session-detail.ts'
import type { EventHub } from './live/event-hub.ts'
import { type LogsQuery, logsQuery } from './requests.ts'

/** What the dashboard reads. */
export interface ApiViews {
  readonly hub: EventHub
  /** By id or name; throws E_NODE_NAME. */
  nodeDetail(which: string): Promise<NodeDetail>
  /** Throws E_SESSION_NAME. */
  sessionDetail(id: string): Promise<SessionDetail>
  segments(id: string): AllSegments
  /** Of the head, of a node, or of all that is about a session; throws E_NODE_NAME and E_SESSION_NAME. */
  logs(query: LogsQuery): Promise<readonly LogLine[]>
}

interface ById {
  readonly Params: { readonly id: string }
}

/** State, its details, and the one stream of what changes. */
export function addViewRoutes(api: FastifyInstance, views: ApiViews): void {
  api.get('/state', () => views.hub.snapshot())
  api.get<{ Params: { which: string } }>('/nodes/:which', (request) => views.nodeDetail(request.params.which))
  api.get<ById>('/sessions/:id', (request) => views.sessionDetail(request.params.id))
  api.get<ById>('/sessions/:id/segments', (request) => views.segments(request.params.id))
  api.get('/logs', (request) => views.logs(logsQuery.parse(request.query)))
  api.get('/events', (request, reply) => tellEvents(views.hub, request.headers['last-event-id'], reply))
}

/** The answer never ends by itself. */
function tellEvents(hub: EventHub, lastEventId: string | string[] | undefined, reply: FastifyReply): void {
  const { raw } = reply
  if (!hub.hasRoom()) {
    const { code, message, hint } = new PacelineError('E_TOO_MANY_CONNECTIONS', 'all readers of events')
    void reply.code(503).header('retry-after', '5').send({ code, message, hint })
    return
  }
  const headers = reply.getHeaders() as Record<string, string>
  reply.hijack()
  raw.writeHead(200, {
    ...headers,
    ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
  raw.once('close', hub.read(raw, Array.isArray(lastEventId) ? undefined : lastEventId))
}
