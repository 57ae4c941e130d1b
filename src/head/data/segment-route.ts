import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { dataPlane } from '../../cluster/messages.ts'
import type { LeaseBook, Verdict } from './lease-book.ts'

/** A longer body is refused; the longest segments seen are 10 s of a 4K stream at 60 Mb/s. */
const maxSegmentBytes = 256 * 1024 * 1024

const refusals: Record<Exclude<Verdict, 'accept'>, number> = { duplicate: 200, stale: 409, gone: 410 }

interface SegmentRoute {
  readonly Params: { readonly attempt: string; readonly segment: string }
  /** Nothing when there was no body. */
  readonly Body: Buffer | undefined
}

/** Finished segments, from the nodes that hold a lease on them: whole by length and digest, or not at all. */
export function addSegmentRoute(server: FastifyInstance, leases: LeaseBook): void {
  server.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: maxSegmentBytes },
    keepBytes,
  )
  server.put<SegmentRoute>('/data/v1/segments/:attempt/:segment', {
    bodyLimit: maxSegmentBytes,
    // Before the body is read: a stranger cannot make the head collect bytes.
    onRequest: async (request, reply) => {
      const status = refusalStatus(leases, request)
      if (status !== null) return reply.code(status).send()
    },
    handler: async (request, reply) => {
      const lease = leases.find(request.params.attempt, request.headers.authorization)
      if (typeof lease === 'number') return reply.code(lease).send()
      const bytes = request.body ?? Buffer.alloc(0)
      const store = () => lease.owner.store(lease.attempt, Number(request.params.segment), bytes)
      const wrong = digestProblem(request.headers[dataPlane.digestHeader], bytes) ?? (await store())
      return wrong === null ? reply.code(201).send() : reply.code(400).send({ message: wrong })
    },
  })
}

function refusalStatus(leases: LeaseBook, request: FastifyRequest<SegmentRoute>): number | null {
  const segment = /^\d+$/.test(request.params.segment) ? Number(request.params.segment) : Number.NaN
  const lease = leases.find(request.params.attempt, request.headers.authorization)
  if (typeof lease === 'number') return lease
  if (!Number.isSafeInteger(segment)) return 404
  const verdict = lease.owner.verdict(lease.attempt, segment)
  return verdict === 'accept' ? null : refusals[verdict]
}

function keepBytes(_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void): void {
  done(null, body)
}

function digestProblem(given: string | string[] | undefined, bytes: Buffer): string | null {
  const digest = `sha-256=${createHash('sha256').update(bytes).digest('hex')}`
  return given === digest ? null : `the digest of what arrived is ${digest}`
}
