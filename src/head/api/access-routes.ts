import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorTable, PacelineError } from '../../errors.ts'
import { type AccessDesk, passwordTriedBy, type SignedIn } from '../access/access.ts'
import type { Sought } from '../access/login-limits.ts'
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
    const sought = 'key' in wish ? 'key' : wish.role
    const who = desk.triedBy(request, request.ip, sought)
    const signedIn = await refusing({ desk, refusals, request, reply, sought, who }, async () =>
      'key' in wish ? desk.redeem(wish.key, who) : desk.login(wish.role, wish.password, who),
    )
    // Whoever signs in anew leaves nothing behind that is still good.
    desk.logout(request)
    const { role } = signedIn.session
    const isMarked = desk.triedBy(request, '', role) !== ''
    reply.headers({
      'set-cookie': [sessionCookie(signedIn.token), ...(isMarked ? [] : [desk.deviceCookie(role)])],
      'cache-control': 'no-store',
    })
    return about(signedIn, request)
  })
  api.post('/logout', { bodyLimit }, (request, reply) => {
    const caller = desk.caller(request)
    if (caller?.session && !isSameOrigin(request.headers)) throw new PacelineError('E_ORIGIN', 'another site')
    desk.logout(request)
    reply.headers({ 'set-cookie': sessionCookie(null), 'cache-control': 'no-store' })
    return { role: null, csrf: null, passwords: desk.roles() } satisfies Access
  })
}

interface Try {
  readonly desk: AccessDesk
  readonly refusals: RefusalLog
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly sought: Sought
  /** See AccessDesk.triedBy. */
  readonly who: string
}

/** Somebody shows what only he should know: the log has it when he is refused, and he is told when he may try again. */
async function refusing<T>(tried: Try, work: () => Promise<T>): Promise<T> {
  const { desk, refusals, request, reply, sought, who } = tried
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PacelineError)) throw error
    refusals.note(error.code, request.ip)
    if (error.code === 'E_LOGIN_RATE') reply.header('retry-after', desk.waitSeconds(sought, who) ?? 1)
    throw error
  }
}

/** For who may do all: passwords, and keys that sign in once. */
export function addAccessOrders(api: FastifyInstance, desk: AccessDesk, refusals: RefusalLog): void {
  api.put('/password', { bodyLimit }, async (request, reply) => {
    const caller = desk.caller(request)
    if (!caller) throw new PacelineError('E_API_DENIED', request.ip)
    const order = passwordOrder.parse(request.body)
    const who = caller.session ? passwordTriedBy(caller.session) : request.ip
    await refusing({ desk, refusals, request, reply, sought: 'admin', who }, () =>
      desk.setPassword(caller, order),
    )
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
