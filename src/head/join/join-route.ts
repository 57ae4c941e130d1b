import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { parseJoinRequest } from '../../cluster/message-schemas.ts'
import { type JoinRequest, joinPath } from '../../cluster/messages.ts'
import { type ErrorCode, PacelineError } from '../../errors.ts'
import type { Gate } from '../gate/gate.ts'
import type { RefusalLog } from '../refusal-log.ts'
import type { Registry } from './registry.ts'

/** A request with everything that it may say is far smaller. */
const bodyLimitBytes = 4_096

/** 426 (RFC 9110, 15.5.22): another release is needed. */
const upgradeStatus = 426

/** `POST /join/v1`: how a node with a token gets in. */
export function addJoinRoute(
  server: FastifyInstance,
  registry: Pick<Registry, 'join'>,
  gate: Pick<Gate, 'fingerprintOf'>,
  refusals: RefusalLog,
): void {
  server.post(joinPath, { bodyLimit: bodyLimitBytes }, async (request, reply) => {
    const refuse = (error: PacelineError, status: number): FastifyReply => {
      refusals.note(error.code, request.ip, error.where)
      const { code, message, hint } = error
      return reply.code(status).send({ code, message, hint })
    }
    const fingerprint = gate.fingerprintOf(request.raw.socket)
    if (fingerprint === undefined) return refuse(new PacelineError('E_NODE_UNKNOWN', 'no certificate'), 401)
    const wanted = readRequest(request.body)
    if (wanted instanceof PacelineError) return refuse(wanted, 400)
    try {
      return await registry.join(wanted, fingerprint)
    } catch (error) {
      if (!(error instanceof PacelineError)) throw error
      return refuse(error, statusOf(error.code))
    }
  })
}

function statusOf(code: ErrorCode): number {
  if (code === 'E_NODE_KEY') return 409
  return code.startsWith('E_TOKEN') ? 403 : upgradeStatus
}

function readRequest(body: unknown): JoinRequest | PacelineError {
  try {
    return parseJoinRequest(body)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    return new PacelineError('E_USAGE', z.prettifyError(error).split('\n')[0] ?? '')
  }
}
