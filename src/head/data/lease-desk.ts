import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, errorTable } from '../../errors.ts'
import type { KnownNode } from '../gate/gate.ts'
import type { RefusalLog } from '../refusal-log.ts'
import type { LeaseBook, OpenLease } from './lease-book.ts'

/** Finds the lease that a request is about, for the node that its connection comes from. */
export interface LeaseDesk {
  /** The lease; or nothing, and the request is answered. */
  open(request: FastifyRequest, reply: FastifyReply, attempt: string): OpenLease | undefined
  /** Answers with a code, and has it logged. */
  refuse(request: FastifyRequest, reply: FastifyReply, status: number, code: ErrorCode, what?: string): void
}

export interface LeaseDeskOptions {
  readonly leases: LeaseBook
  readonly nodeOf: (request: FastifyRequest) => KnownNode | undefined
  readonly refusals: RefusalLog
}

export function createLeaseDesk({ leases, nodeOf, refusals }: LeaseDeskOptions): LeaseDesk {
  const refuse: LeaseDesk['refuse'] = (request, reply, status, code, what) => {
    refusals.note(code, nodeOf(request)?.name ?? request.ip, what)
    // Unread bytes of a body would be taken for the next request.
    if (request.method === 'PUT') reply.header('connection', 'close')
    reply
      .type('application/json')
      .code(status)
      .send({ code, message: what ?? errorTable[code].what })
  }
  return {
    refuse,
    open(request, reply, attempt) {
      const node = nodeOf(request)
      const what = `${request.method} ${request.routeOptions.url ?? ''}`
      if (!node) {
        refuse(request, reply, 401, 'E_NODE_UNKNOWN', what)
        return undefined
      }
      const lease = leases.find(attempt, node.id)
      if (lease === 'denied') refuse(request, reply, 403, 'E_LEASE_DENIED', what)
      // That one is nobody's fault: leases end while their segments are on the way.
      else if (lease === 'over') reply.code(410).send({ code: 'E_LEASE_OVER' })
      else return lease
      return undefined
    },
  }
}
