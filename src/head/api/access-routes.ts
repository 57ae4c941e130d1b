import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorTable, PacelineError } from '../../errors.ts'
import type { AccessDesk, SignedIn } from '../access/access.ts'
import { isSameOrigin } from '../access/same-origin.ts'
import { sessionCookie } from '../access/session-cookie.ts'
import type { RefusalLog } from '../refusal-log.ts'
import type { Access } from './contract/access.ts'
import { keyOrder, loginRequest, passwordOrder } from './requests.ts'

/** All that a login may say is far smaller. */
const bodyLimit = 4_096

/** For everybody: who one is, and how to become somebody. */
export function addLoginRoutes(api: FastifyInstance, desk: AccessDesk, refusals: RefusalLog): void {
  const about = (signedIn: SignedIn | null, request: FastifyRequest): Access => {
    const caller = signedIn ? null : desk.caller(request)
    const session = signedIn?.session ?? caller?.session
    return {
      role: signedIn?.session.role ?? caller?.role ?? null,
      csrf: session?.csrf ?? null,
      passwords: desk.roles(),
    }
  }
  api.get('/access', (request, reply) => {
    reply.header('cache-control', 'no-store')
    return about(null, request)
  })
  api.post('/login', { bodyLimit }, async (request, reply) => {
    // Nobody's page may sign somebody in as somebody else. Programs say nothing of where they are.
    const { origin, 'sec-fetch-site': site } = request.headers
    if ((origin !== undefined || site !== undefined) && !isSameOrigin(request.headers))
      throw new PacelineError('E_ORIGIN', origin ?? 'another site')
    const wish = loginRequest.parse(request.body)
    try {
      const signedIn =
        'key' in wish
          ? desk.redeem(wish.key, request.ip)
          : await desk.login(wish.role, wish.password, request.ip)
      reply.headers({ 'set-cookie': sessionCookie(signedIn.token), 'cache-control': 'no-store' })
      return about(signedIn, request)
    } catch (error) {
      if (!(error instanceof PacelineError)) throw error
      refusals.note(error.code, request.ip)
      if (error.code === 'E_LOGIN_RATE') reply.header('retry-after', desk.waitSeconds(request.ip) ?? 1)
      throw error
    }
  })
  api.post('/logout', { bodyLimit }, (request, reply) => {
    const caller = desk.caller(request)
    if (caller?.session && !isSameOrigin(request.headers)) throw new PacelineError('E_ORIGIN', 'another site')
    desk.logout(request)
    reply.headers({ 'set-cookie': sessionCookie(null), 'cache-control': 'no-store' })
    return { role: null, csrf: null, passwords: desk.roles() } satisfies Access
  })
}

/** For who may do all: passwords, and keys that sign in once. */
export function addAccessOrders(api: FastifyInstance, desk: AccessDesk): void {
  api.put('/password', { bodyLimit }, async (request) => {
    const caller = desk.caller(request)
    if (!caller) throw new PacelineError('E_API_DENIED', request.ip)
    await desk.setPassword(caller, passwordOrder.parse(request.body))
    return { passwords: desk.roles() }
  })
  api.post('/sign-in-keys', { bodyLimit }, (request) => {
    // A page could sign in others, or somebody who only borrowed it.
    if (desk.caller(request)?.by !== 'token') throw new PacelineError('E_ROLE', 'only with a token')
    return desk.issueKey(keyOrder.parse(request.body ?? {}).role)
  })
}

/** What strangers are told, and who may not do what he asks. */
export function guardApi(
  api: FastifyInstance,
  desk: AccessDesk,
  {
    onCaller,
    refusals,
  }: { readonly onCaller: (request: FastifyRequest) => void; readonly refusals: RefusalLog },
): void {
  const refuse = (error: PacelineError, request: FastifyRequest, reply: FastifyReply, status: number) => {
    refusals.note(error.code, request.ip)
    const { code, message, hint } = error
    // A stranger is not told where he comes from.
    const said = status === 401 ? { code, message: errorTable[code].what } : { code, message, hint }
    return reply.code(status).send(said)
  }
  api.addHook('onRequest', async (request, reply) => {
    const caller = desk.caller(request)
    if (!caller) return refuse(new PacelineError('E_API_DENIED', request.ip), request, reply, 401)
    const objection = desk.objection(caller, request)
    if (objection) return refuse(objection, request, reply, 403)
    onCaller(request)
    reply.header('cache-control', 'no-store')
  })
}
