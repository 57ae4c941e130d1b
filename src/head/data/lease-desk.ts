import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, errorTable } from '../../errors.ts'
import type { KnownNode } from '../gate/gate.ts'
import type { RefusalLog } from '../refusal-log.ts'
import type { LeaseBook, OpenLease } from './lease-book.ts'

/** Finds the lease that a request is about, for the node that its connection comes from. */
export interface LeaseDesk {
  /** The lease; or nothing, and the request is answered. */
  open(request: FastifyRequest, reply: FastifyReply, attempt: string): OpenLease | undefined
  /** Answers with a code, and has it logged, once for each route. */
  refuse(request: FastifyRequest, reply: FastifyReply, status: number, code: ErrorCode, what?: string): void
  /** The lease is over, or the segment none of its: told in the log unless it has only just ended. */
  refuseLate(request: FastifyRequest, reply: FastifyReply, status: 409 | 410, attempt: string): void
}

export interface LeaseDeskOptions {
  readonly leases: LeaseBook
  readonly nodeOf: (request: FastifyRequest) => KnownNode | undefined
  readonly formerNodeOf: (request: FastifyRequest) => string | undefined
  /** A node has asked for something: it lives. */
  readonly onNode: (id: string) => void
  readonly refusals: RefusalLog
}

export function createLeaseDesk(options: LeaseDeskOptions): LeaseDesk {
  const { leases, nodeOf, formerNodeOf, refusals } = options
  const routeOf = (request: FastifyRequest) => `${request.method} ${request.routeOptions.url ?? ''}`
  const refuse: LeaseDesk['refuse'] = (request, reply, status, code, what) => {
    const who = nodeOf(request)?.name ?? formerNodeOf(request) ?? request.ip
    refusals.note(code, who, what, routeOf(request))
    // Unread bytes of a body would be taken for the next request.
    if (request.method === 'PUT') reply.header('connection', 'close')
    reply
      .type('application/json')
      .code(status)
      .send({ code, message: what ?? errorTable[code].what })
  }
  const refuseLate: LeaseDesk['refuseLate'] = (request, reply, status, attempt) => {
    // Leases end while their segments are on the way: that is nobody's fault.
    if (leases.hasJustEnded(attempt)) reply.code(status).send({ code: 'E_LEASE_OVER' })
    else refuse(request, reply, status, 'E_LEASE_OVER')
  }
  const askAgain = (request: FastifyRequest, reply: FastifyReply): void => {
    if (request.method === 'PUT') reply.header('connection', 'close')
    reply.code(503).header('retry-after', 1).send({ code: 'E_LEASE_HELD' })
  }
  return {
    ...{ refuse, refuseLate },
    open(request, reply, attempt) {
      const node = nodeOf(request)
      const what = routeOf(request)
      if (!node) {
        const isFormer = formerNodeOf(request) !== undefined
        refuse(request, reply, 401, isFormer ? 'E_NODE_REMOVED' : 'E_NODE_UNKNOWN', what)
        return undefined
      }
      options.onNode(node.id)
      const lease = leases.find(attempt, node.id)
      if (lease === 'denied') refuse(request, reply, 403, 'E_LEASE_DENIED', what)
      else if (lease === 'over') refuseLate(request, reply, 410, attempt)
      else if (lease === 'held') askAgain(request, reply)
      else return lease
      return undefined
    },
  }
}
