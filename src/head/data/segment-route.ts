import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { dataPlane } from '../../cluster/messages.ts'
import { createTurnstile, type Turnstile } from '../turnstile.ts'
import { type ArrivedBody, readBody } from './arrived-body.ts'
import type { LeaseDesk } from './lease-desk.ts'

/** A longer body is refused; the longest segments seen are 10 s of a 4K stream at 60 Mb/s. */
const maxSegmentBytes = 256 * 1024 * 1024

/** Bodies on their way into memory and from there to the disk; all others wait at their nodes, which have room. */
const bodiesInside = { mostBytes: 24 * 1024 * 1024, patienceMs: 1_000 }

/** For a body that does not say how long it is. */
const usualBytes = 1024 * 1024

interface Body extends ArrivedBody {
  /** It takes no memory any more. */
  readonly leave: () => void
}

/** A request without a body. */
const nothing: Body = {
  bytes: Buffer.alloc(0),
  sha256: createHash('sha256').digest('hex'),
  leave: () => undefined,
}

interface SegmentRoute {
  readonly Params: { readonly attempt: string; readonly segment: string }
  /** Nothing when there was no body. */
  readonly Body: Body | undefined
}

/** Finished segments, from the nodes that hold a lease on them: whole by length and digest, or not at all. */
export function addSegmentRoute(server: FastifyInstance, desk: LeaseDesk): void {
  const turnstile = createTurnstile(bodiesInside)
  server.addContentTypeParser(
    'application/octet-stream',
    (_request: FastifyRequest, payload: IncomingMessage) => readInTurn(payload, turnstile),
  )
  server.put<SegmentRoute>('/data/v1/segments/:attempt/:segment', {
    bodyLimit: maxSegmentBytes,
    // Before the body is read: a stranger cannot make the head collect bytes.
    onRequest: async (request, reply) => {
      if (refused(desk, request, reply)) return reply
    },
    handler: async (request, reply) => {
      const { bytes, sha256, leave } = request.body ?? nothing
      try {
        const lease = desk.open(request, reply, request.params.attempt)
        if (!lease) return reply
        const store = () => lease.owner.store(lease.attempt, Number(request.params.segment), bytes)
        const wrong = digestProblem(request.headers[dataPlane.digestHeader], sha256) ?? (await store())
        if (wrong === null) return reply.code(201).send()
        desk.refuse(request, reply, 400, 'E_SEGMENT_WRONG', wrong)
        return reply
      } finally {
        leave()
      }
    },
  })
}

async function readInTurn(payload: IncomingMessage, turnstile: Turnstile): Promise<Body> {
  // One that is too long is refused when it is read, and takes no room until then.
  const bytes = Number(payload.headers['content-length'] ?? usualBytes)
  const leave = bytes > maxSegmentBytes ? () => undefined : await turnstile.enter(bytes)
  try {
    return { ...(await readBody(payload, maxSegmentBytes)), leave }
  } catch (error) {
    leave()
    throw error
  }
}

/** Whether the request has been answered because nobody wants this segment from this node. */
function refused(desk: LeaseDesk, request: FastifyRequest<SegmentRoute>, reply: FastifyReply): boolean {
  const segment = /^\d+$/.test(request.params.segment) ? Number(request.params.segment) : Number.NaN
  const lease = desk.open(request, reply, request.params.attempt)
  if (!lease) return true
  const verdict = Number.isSafeInteger(segment) ? lease.owner.verdict(lease.attempt, segment) : 'none'
  if (verdict === 'accept') return false
  if (verdict === 'none') desk.refuse(request, reply, 404, 'E_LEASE_DENIED', 'no such segment')
  else if (verdict === 'duplicate') reply.code(200).send()
  else desk.refuseLate(request, reply, verdict === 'stale' ? 409 : 410, lease.attempt)
  return true
}

function digestProblem(given: string | string[] | undefined, sha256: string): string | null {
  const digest = `sha-256=${sha256}`
  return given === digest ? null : `the digest of what arrived is ${digest}`
}
