import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PacelineError } from '../../errors.ts'
import type { PreviewTail } from '../session/chronicle/preview-tail.ts'
import type { Role } from './contract/access.ts'
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
  /** The end of what a session publishes, for players; throws E_SESSION_NAME. */
  preview(id: string): PreviewTail
  /** Of the head, of a node, or of all that is about a session; throws E_NODE_NAME and E_SESSION_NAME. */
  logs(query: LogsQuery): Promise<readonly LogLine[]>
}

interface ById {
  readonly Params: { readonly id: string }
}

/** Whoever is signed out reads no longer than this. */
const usualLookMs = 5_000

/** Of the places for readers of events so many are kept for who may do all: nobody who only looks keeps him out. */
const placesOfAdmins = 16

/**
 * State, its details, and the one stream of what changes. That stream has no end of its own: `roleOf` is asked every
 * `lookEveryMs` whether its reader still is somebody.
 */
export function addViewRoutes(
  api: FastifyInstance,
  views: ApiViews,
  roleOf: (request: FastifyRequest) => Role | null,
  lookEveryMs: number = usualLookMs,
): void {
  api.get('/state', () => views.hub.snapshot())
  api.get<{ Params: { which: string } }>('/nodes/:which', (request) => views.nodeDetail(request.params.which))
  api.get<ById>('/sessions/:id', (request) => views.sessionDetail(request.params.id))
  api.get<ById>('/sessions/:id/segments', (request) => views.segments(request.params.id))
  addPreview(api, views)
  api.get('/logs', (request) => views.logs(logsQuery.parse(request.query)))
  api.get('/events', (request, reply) => {
    const looks = setInterval(() => {
      if (roleOf(request) === null) reply.raw.destroy()
    }, lookEveryMs).unref()
    reply.raw.once('close', () => clearInterval(looks))
    const kept = roleOf(request) === 'admin' ? 0 : placesOfAdmins
    if (views.hub.hasRoom(kept)) tellEvents(views.hub, request.headers['last-event-id'], reply)
    else refuseReader(reply)
  })
}

/** A player waits so long for the first segment, and asks again then. */
const previewPatienceMs = 15_000

/** A live playlist of what is published from now on, and its segments. Nothing is kept of a session at which nobody looks. */
function addPreview(api: FastifyInstance, views: ApiViews): void {
  api.get<ById>('/sessions/:id/preview/index.m3u8', async (request, reply) => {
    const playlist = await views.preview(request.params.id).playlist(previewPatienceMs)
    if (playlist === null) return reply.code(404).send(nothingThere('nothing is published now'))
    return reply.type('application/vnd.apple.mpegurl').send(playlist)
  })
  api.get<{ Params: { id: string; file: string } }>('/sessions/:id/preview/:file', (request, reply) => {
    const number = /^(\d{1,9})\.ts$/.exec(request.params.file)?.[1]
    const bytes = number === undefined ? undefined : views.preview(request.params.id).segment(Number(number))
    if (!bytes) return reply.code(404).send(nothingThere(request.params.file))
    return reply.type('video/mp2t').send(bytes)
  })
}

function nothingThere(what: string) {
  const { code, message, hint } = new PacelineError('E_SESSION_NAME', what)
  return { code, message, hint }
}

function refuseReader(reply: FastifyReply): void {
  const { code, message, hint } = new PacelineError('E_TOO_MANY_CONNECTIONS', 'all readers of events')
  void reply.code(503).header('retry-after', '5').send({ code, message, hint })
}

/** The answer never ends by itself. */
function tellEvents(hub: EventHub, lastEventId: string | string[] | undefined, reply: FastifyReply): void {
  const { raw } = reply
  const headers = reply.getHeaders() as Record<string, string>
  reply.hijack()
  raw.writeHead(200, {
    ...headers,
    ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
  raw.once('close', hub.read(raw, Array.isArray(lastEventId) ? undefined : lastEventId))
}
