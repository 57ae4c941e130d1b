import { createHash, timingSafeEqual } from 'node:crypto'
import { PacelineError } from '../../errors.ts'
import type { Role } from '../api/contract/access.ts'
import { type BrowserSession, type BrowserSessions, isCsrf } from './browser-sessions.ts'
import type { LoginLimits } from './login-limits.ts'
import type { PasswordBook } from './password-book.ts'
import { isFromElsewhere, isSameOrigin, type OriginHeaders } from './same-origin.ts'
import { tokenInCookies } from './session-cookie.ts'
import type { SignInKeys } from './sign-in-keys.ts'

/** Who asks something of the API. */
export interface Caller {
  readonly role: Role
  /** With a session a browser asks, and has to show that one of our pages wanted it. */
  readonly by: 'token' | 'session'
  readonly session?: BrowserSession
}

/** A request as far as it says who asks. */
export interface Asked {
  readonly method: string
  readonly headers: OriginHeaders & {
    readonly authorization?: string | undefined
    readonly cookie?: string | undefined
    readonly 'x-paceline-csrf'?: string | string[] | undefined
  }
}

/** Who may do what, and how they sign in. */
export interface AccessDesk {
  /** Null for a stranger. */
  caller(asked: Asked): Caller | null
  /** Why this caller may not do this; null when he may. Codes: E_ORIGIN, E_ROLE. */
  objection(caller: Caller, asked: Asked): PacelineError | null
  /** Throws E_LOGIN, E_LOGIN_RATE; the latter's `hint` is not about when. */
  login(role: Role, password: string, address: string): Promise<SignedIn>
  /** Throws as login does. */
  redeem(key: string, address: string): SignedIn
  logout(asked: Asked): void
  roles(): readonly Role[]
  issueKey: SignInKeys['issue']
  /** Throws E_PASSWORD. `present` is asked of pages where there is one. */
  setPassword(caller: Caller, order: PasswordOrder): Promise<void>
  /** In how many seconds an address may try again; null when it may now. */
  waitSeconds(address: string): number | null
}

export interface SignedIn {
  readonly token: string
  readonly session: BrowserSession
}

export interface PasswordOrder {
  readonly role: Role
  /** Null takes it away. */
  readonly password: string | null
  readonly present?: string | undefined
}

export interface AccessOptions {
  /** Of who may do all, and of who may look. */
  readonly tokens: Readonly<Record<Role, string>>
  readonly passwords: PasswordBook
  readonly sessions: BrowserSessions
  readonly keys: SignInKeys
  readonly limits: LoginLimits
}

/** Tries of passwords that wait while one is on its way: each takes 32 MiB and a quarter of a second of one core. */
const mostWaiting = 8

export function createAccess({ tokens, passwords, sessions, keys, limits }: AccessOptions): AccessDesk {
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
  const checkRate = (address: string): void => {
    const seconds = limits.waitSeconds(address)
    if (seconds !== null) throw new PacelineError('E_LOGIN_RATE', `${address}, for ${seconds} s more`)
  }
  const tryPassword = async (role: Role, password: string, address: string): Promise<void> => {
    checkRate(address)
    if (await passwords.check(role, password)) {
      limits.succeeded(address)
      return
    }
    limits.failed(address)
    throw new PacelineError('E_LOGIN', address)
  }
  const roleOfToken = (header: string | undefined): Role | null => {
    // Both are compared, so that the time says nothing of which one it was.
    const [isAdmin, isViewer] = [isSecret(header, tokens.admin), isSecret(header, tokens.viewer)]
    return isAdmin ? 'admin' : isViewer ? 'viewer' : null
  }
  return {
    caller({ headers }) {
      if (headers.authorization !== undefined) {
        const role = roleOfToken(headers.authorization)
        return role && { role, by: 'token' }
      }
      const token = tokenInCookies(headers.cookie)
      const session = token === null ? null : sessions.find(token)
      return session && { role: session.role, by: 'session', session }
    },
    objection({ role, session }, { method, headers }) {
      const isReading = method === 'GET' || method === 'HEAD'
      if (session && isReading && isFromElsewhere(headers))
        return new PacelineError('E_ORIGIN', 'another site')
      if (isReading) return null
      if (session) {
        const csrf = headers['x-paceline-csrf']
        if (!isSameOrigin(headers)) return new PacelineError('E_ORIGIN', headers.origin ?? 'nowhere')
        if (!isCsrf(typeof csrf === 'string' ? csrf : undefined, session))
          return new PacelineError('E_ORIGIN', 'x-paceline-csrf is wrong')
      }
      return role === 'admin' ? null : new PacelineError('E_ROLE', `${method} as ${role}`)
    },
    async login(role, password, address) {
      checkRate(address)
      if (waiting >= mostWaiting) throw new PacelineError('E_LOGIN_RATE', 'others are trying')
      waiting += 1
      try {
        await inTurn(() => tryPassword(role, password, address))
      } finally {
        waiting -= 1
      }
      return sessions.begin(role)
    },
    redeem(key, address) {
      // Nobody guesses 144 bits: what others try keeps out no one who has the right key.
      const role = keys.redeem(key)
      if (role === null) {
        checkRate(address)
        limits.failed(address)
        throw new PacelineError('E_LOGIN', address)
      }
      limits.succeeded(address)
      return sessions.begin(role)
    },
    logout({ headers }) {
      const token = tokenInCookies(headers.cookie)
      if (token !== null) sessions.end(token)
    },
    roles: passwords.roles,
    issueKey: keys.issue,
    async setPassword({ by }, { role, password, present }) {
      await inTurn(async () => {
        const isAsked = by === 'session' && passwords.roles().includes('admin')
        if (isAsked && !(await passwords.check('admin', present ?? '')))
          throw new PacelineError('E_PASSWORD', 'the present password of admin is another one')
        await passwords.set(role, password)
      })
      sessions.endAll(role)
    },
    waitSeconds: limits.waitSeconds,
  }
}

function isSecret(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))
}
