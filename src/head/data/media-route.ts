import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { pieceBytes, stretchOf } from '../files/media-bytes.ts'
import { type ByteRange, readByteRange } from './byte-range.ts'
import type { OpenInput } from './lease-book.ts'
import type { LeaseDesk } from './lease-desk.ts'

interface MediaParams {
  readonly attempt: string
  readonly input: string
}

/** Inputs by byte range, to the nodes whose leases name them and to nobody else. */
export function addMediaRoute(server: FastifyInstance, desk: LeaseDesk): void {
  server.get<{ Params: MediaParams }>('/data/v1/media/:attempt/:input', (request, reply) => {
    const lease = desk.open(request, reply, request.params.attempt)
    if (!lease) return reply
    const input = /^\d+$/.test(request.params.input) && lease.inputs[Number(request.params.input)]
    if (!input) {
      desk.refuse(request, reply, 404, 'E_LEASE_DENIED', 'no such input')
      return reply
    }
    reply.header('accept-ranges', 'bytes').type('application/octet-stream')
    const range = readByteRange(request.headers.range, input.size)
    if (range === 'unsatisfiable') {
      return reply.code(416).header('content-range', `bytes */${input.size}`).send()
    }
    if (!lease.take(range ? range.last - range.first + 1 : input.size)) {
      desk.refuse(request, reply, 429, 'E_LEASE_BYTES')
      return reply
    }
    if (range) reply.code(206).header('content-range', `bytes ${range.first}-${range.last}/${input.size}`)
    return sendFile(reply, input, range, lease.closed)
  })
}

function sendFile(
  reply: FastifyReply,
  { bytes, size }: OpenInput,
  range: ByteRange | null,
  closed: AbortSignal,
): FastifyReply {
  const { first, last } = range ?? { first: 0, last: size - 1 }
  const length = last - first + 1
  reply.header('content-length', length)
  if (length === 0) return reply.send()
  // One piece is read while the one before is being sent.
  const stream = Readable.from(stretchOf(bytes, first, last), {
    objectMode: false,
    highWaterMark: pieceBytes,
  })
  // What is sent must not look whole when it is not: the connection ends before its content-length is reached.
  const breakOff = (error?: Error) => void reply.raw.destroy(error)
  stream.on('error', breakOff)
  const onClosed = () => breakOff()
  closed.addEventListener('abort', onClosed, { once: true })
  reply.raw.once('close', () => closed.removeEventListener('abort', onClosed))
  return reply.send(stream)
}
