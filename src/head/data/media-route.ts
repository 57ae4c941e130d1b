import { createReadStream } from 'node:fs'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { readByteRange } from './byte-range.ts'
import type { LeaseBook } from './lease-book.ts'

interface MediaParams {
  readonly attempt: string
  readonly input: string
}

/** Inputs by byte range, to the nodes whose leases name them and to nobody else. */
export function addMediaRoute(server: FastifyInstance, leases: LeaseBook): void {
  server.get<{ Params: MediaParams }>('/data/v1/media/:attempt/:input', (request, reply) => {
    const lease = leases.find(request.params.attempt, request.headers.authorization)
    if (typeof lease === 'number') return reply.code(lease).send()
    const input = lease.inputs[Number(request.params.input)]
    if (!input) return reply.code(404).send()
    reply.header('accept-ranges', 'bytes').type('application/octet-stream')
    const range = readByteRange(request.headers.range, input.size)
    if (range === 'unsatisfiable') {
      return reply.code(416).header('content-range', `bytes */${input.size}`).send()
    }
    const { first, last } = range ?? { first: 0, last: input.size - 1 }
    reply.header('content-length', last - first + 1)
    if (range) reply.code(206).header('content-range', `bytes ${first}-${last}/${input.size}`)
    return sendFile(reply, input.path, first, last)
  })
}

function sendFile(reply: FastifyReply, path: string, start: number, end: number): FastifyReply {
  const stream = createReadStream(path, { start, end, highWaterMark: 256 * 1024 })
  // A file that fails half-way must not look whole: the connection ends before its content-length is reached.
  stream.on('error', (error) => reply.raw.destroy(error))
  return reply.send(stream)
}
