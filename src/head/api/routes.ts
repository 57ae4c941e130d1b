import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ErrorCode, errorTable, PacelineError } from '../../errors.ts'
import type { AccessDesk } from '../access/access.ts'
import type { ServerLog } from '../data/data-server.ts'
import type { DrainedNode } from '../drain/drain.ts'
import type { EnergyReport } from '../energy/energy-report.ts'
import type { History, HistoryQuery } from '../energy/history.ts'
import type { IssuedToken, TokenRequest } from '../join/registry.ts'
import { expositionType } from '../metrics/exposition.ts'
import type { ObservedJob } from '../observe/observed-log.ts'
import type { Foreseen } from '../power/foresight.ts'
import type { NodePowerStatus } from '../power/power-status.ts'
import type { RefusalLog } from '../refusal-log.ts'
import { addAccessOrders, addLoginRoutes, guardApi } from './access-routes.ts'
import type { IssuedToken as ShownToken } from './contract/access.ts'
import { openApiDocument } from './openapi/document.ts'
import {
  drainRequest,
  expectRequest,
  historyQuery,
  keepRequest,
  observedQuery,
  observeRequest,
  tokenRequest,
  wakeRequest,
} from './requests.ts'
import type { HeadStatus, KnownNodeStatus } from './status.ts'
import { type TranscodeEvent, type TranscodeRequest, transcodeRequest } from './transcode-request.ts'
import { type ApiViews, addViewRoutes } from './view-routes.ts'

/** What the API needs from the head. */
export interface ApiHead {
  status(): HeadStatus
  /** Leaves all jobs to the original and writes them down, or no longer. */
  observe(on: boolean): void
  /** The last so many that were observed, newest last. */
  observed(count: number): Promise<readonly ObservedJob[]>
  issueToken(request: TokenRequest): Promise<IssuedToken>
  nodes(): readonly KnownNodeStatus[]
  /** By id or name; throws E_NODE_NAME. */
  removeNode(which: string): Promise<{ readonly id: string; readonly name: string }>
  /** By id or name; throws E_NODE_NAME, and E_LAST_NODE unless it is forced. */
  drainNode(which: string, force: boolean): Promise<DrainedNode>
  resumeNode(which: string): Promise<DrainedNode>
  /** By id or name; throws E_NODE_NAME and E_NODE_UNSWITCHED. `keepMinutes`: it is kept awake for so long, or as usual again. */
  wakeNode(which: string, keepMinutes: number): NodePowerStatus
  /** As `wakeNode`, and throws E_LAST_NODE unless it is forced. */
  sleepNode(which: string, force: boolean): NodePowerStatus
  /** Wakes it where it is to be kept awake; 0: as usual again. */
  keepNode(which: string, keepMinutes: number): NodePowerStatus
  /** Somebody may be about to watch: a node is woken for him where one would be for a viewer. */
  expectViewer(minutes: number): Foreseen
  /** Joules and their price. */
  energy(): Promise<EnergyReport>
  energyHistory(query: HistoryQuery): Promise<History>
  /** Carries out a whole-file job and tells of it as it goes on; aborting the signal cancels it. */
  transcode(request: TranscodeRequest, signal: AbortSignal): AsyncIterable<TranscodeEvent>
  readonly views: ApiViews
  /** In Prometheus's text format. */
  metrics(): string
}

/** How the API knows its callers, and tells of those that it does not. */
export interface ApiAccess {
  readonly desk: AccessDesk
  /** Somebody has shown who he is. */
  readonly onCaller: (socket: Socket) => void
  readonly refusals: RefusalLog
}

/** So much may an order be, and so long may it take to come. */
const orderBounds = { bytes: 64 * 1024, patienceMs: 15_000 }

/** `/healthz` and signing in for anybody, the rest of `/api/v1` for who has signed in or has a token. */
export function addApiRoutes(
  server: FastifyInstance,
  head: ApiHead,
  { desk, onCaller, refusals }: ApiAccess,
  log: ServerLog,
): void {
  server.get('/healthz', () => ({ ok: true }))
  server.register((scope, _options, done) => {
    guardApi(scope, desk, { onCaller: (request) => onCaller(request.raw.socket), refusals })
    scope.get('/metrics', (_request, reply) => reply.type(expositionType).send(head.metrics()))
    done()
  })
  server.register(
    (api, _options, done) => {
      boundOrders(api)
      answerProblems(api)
      addLoginRoutes(api, desk, refusals)
      done()
    },
    { prefix: '/api/v1' },
  )
  server.register(
    (api, _options, done) => {
      guardApi(api, desk, { onCaller: (request) => onCaller(request.raw.socket), refusals })
      boundOrders(api)
      answerProblems(api)
      addAccessOrders(api, desk, refusals)
      api.get('/status', () => head.status())
      addObserving(api, head)
      api.post('/tokens', async (request) => {
        const { name, address, validSeconds } = tokenRequest.parse(request.body)
        return issued(await head.issueToken({ name, address, validSeconds }))
      })
      api.get('/nodes', () => head.nodes())
      api.delete<{ Params: { which: string } }>('/nodes/:which', (request) =>
        head.removeNode(request.params.which),
      )
      addDraining(api, head)
      addEnergy(api, head)
      addPower(api, head)
      addTranscodes(api, head, log)
      addViewRoutes(api, head.views, (request) => desk.caller(request)?.role ?? null)
      addDocument(api, head)
      done()
    },
    { prefix: '/api/v1' },
  )
}

/** Whoever asks only looks at what a token is for. */
function issued({ token, name, validSeconds }: IssuedToken): ShownToken {
  return { token, name, validSeconds, command: `npx paceline node --join ${token}` }
}

function boundOrders(api: FastifyInstance): void {
  api.addHook('onRoute', (route) => {
    route.bodyLimit ??= orderBounds.bytes
  })
  // Whoever sends a byte a second keeps a connection, and that not for long.
  const late = new WeakMap<IncomingMessage, NodeJS.Timeout>()
  api.addHook('onRequest', async ({ raw }) => {
    if (raw.method === 'GET') return
    late.set(raw, setTimeout(() => raw.socket.destroy(), orderBounds.patienceMs).unref())
  })
  const settle = async ({ raw }: FastifyRequest) => clearTimeout(late.get(raw))
  api.addHook('preValidation', settle)
  api.addHook('onResponse', settle)
}

function answerProblems(api: FastifyInstance): void {
  api.setErrorHandler((error, _request, reply) => {
    if (error instanceof PacelineError) return reply.code(statusOf(error)).send(problem(error))
    if (error instanceof z.ZodError)
      return reply.code(400).send({ code: 'E_USAGE', message: z.prettifyError(error) })
    throw error
  })
}

function addObserving(api: FastifyInstance, head: ApiHead): void {
  api.post('/observe', (request) => {
    const { on } = observeRequest.parse(request.body)
    head.observe(on)
    return { on }
  })
  api.get('/observed', (request) => head.observed(observedQuery.parse(request.query).last))
}

interface NodeRoute {
  readonly Params: { readonly which: string }
}

function addDraining(api: FastifyInstance, head: ApiHead): void {
  api.post<NodeRoute>('/nodes/:which/drain', (request) =>
    head.drainNode(request.params.which, drainRequest.parse(request.body ?? {}).force),
  )
  api.post<NodeRoute>('/nodes/:which/resume', (request) => head.resumeNode(request.params.which))
}

function addPower(api: FastifyInstance, head: ApiHead): void {
  api.post('/viewers/expect', (request) => head.expectViewer(expectRequest.parse(request.body ?? {}).minutes))
  api.post<NodeRoute>('/nodes/:which/wake', (request) =>
    head.wakeNode(request.params.which, wakeRequest.parse(request.body ?? {}).minutes),
  )
  api.post<NodeRoute>('/nodes/:which/sleep', (request) =>
    head.sleepNode(request.params.which, drainRequest.parse(request.body ?? {}).force),
  )
  api.post<NodeRoute>('/nodes/:which/keep-warm', (request) =>
    head.keepNode(request.params.which, keepRequest.parse(request.body).minutes),
  )
}

function addEnergy(api: FastifyInstance, head: ApiHead): void {
  api.get('/energy', () => head.energy())
  api.get('/energy/history', (request) => head.energyHistory(historyQuery.parse(request.query)))
}

function addDocument(api: FastifyInstance, head: ApiHead): void {
  let document: string | undefined
  api.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(head.status().version))
    return reply.type('application/json').send(document)
  })
}

/** One line of JSON for each event; the caller's going away cancels the job. */
function addTranscodes(api: FastifyInstance, head: ApiHead, log: ServerLog): void {
  api.post('/transcodes', async (request, reply) => {
    const order = transcodeRequest.parse(request.body)
    const cancel = new AbortController()
    reply.raw.on('close', () => cancel.abort())
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson' })
    try {
      for await (const event of head.transcode(order, cancel.signal)) {
        reply.raw.write(`${JSON.stringify(event)}\n`)
      }
    } catch (error) {
      if (!(error instanceof PacelineError))
        log.error({ error, route: 'POST /api/v1/transcodes' }, 'a request failed')
      reply.raw.write(`${JSON.stringify({ type: 'failed', ...problem(error) })}\n`)
    }
    reply.raw.end()
  })
}

function problem(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof PacelineError) return { code: error.code, message: error.message, hint: error.hint }
  // What exactly is for the log alone: paths and the like are nobody else's business.
  const { what, hint } = errorTable.E_INTERNAL
  return { code: 'E_INTERNAL', message: what, hint }
}

const statuses: Partial<Record<ErrorCode, number>> = {
  E_SESSION_NAME: 404,
  E_LOGIN: 401,
  E_LOGIN_RATE: 429,
  E_ORIGIN: 403,
  E_ROLE: 403,
  E_PASSWORD: 400,
}

const statusOf = ({ code }: PacelineError): number => statuses[code] ?? 409
