import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DashboardFile, DashboardFiles, Encoding } from './dashboard-files.ts'

const page = '/index.html'

/** Serves the dashboard to everybody: there is nothing in it that is not public, and what it shows comes by the API. */
export function addDashboard(server: FastifyInstance, files: DashboardFiles): void {
  server.get('/', (_request, reply) => {
    const start = files.get(page)
    if (start) return send(_request, reply, start)
    return reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send('The dashboard has not been built: npm run build\n')
  })
  for (const [path, file] of files) server.get(path, (request, reply) => send(request, reply, file))
}

const yearSeconds = 31_536_000

function send(request: FastifyRequest, reply: FastifyReply, file: DashboardFile): FastifyReply {
  const { type, etag, isImmutable, bodies } = file
  const cached = isImmutable ? `public, max-age=${yearSeconds}, immutable` : 'no-cache'
  reply.headers({ etag, 'cache-control': cached, vary: 'accept-encoding' })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const encoding = encodingFor(request.headers['accept-encoding'], bodies)
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.type(type).send(bodies[encoding])
}

/** The smallest that the browser takes. Qualities are not weighed: who names one with 0 is no browser. */
export function encodingFor(accepted: string | undefined, bodies: DashboardFile['bodies']): Encoding {
  const names = (accepted ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase())
  const possible = (['br', 'gzip', 'identity'] as const).filter(
    (name) => name === 'identity' || names.includes(name),
  )
  return possible.reduce(
    (best, name) => (bodies[name].length < bodies[best].length ? name : best),
    'identity',
  )
}
