import { createHash, timingSafeEqual } from 'node:crypto'
import { PacelineError } from '../../errors.ts'
import type { Role } from '../api/contract/access.ts'
import { type BrowserSession, type BrowserSessions, isCsrf } from './browser-sessions.ts'
import type { DeviceMarks } from './device-mark.ts'
import type { LoginLimits, Sought } from './login-limits.ts'
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
  /** What tries are counted by: the browser, where somebody has signed in so from it before, or else the address. */
  triedBy(asked: Asked, address: string, sought: Sought): string
  /** Throws E_LOGIN, E_LOGIN_RATE; the latter's `hint` is not about when. `who` is of `triedBy`. */
  login(role: Role, password: string, who: string): Promise<SignedIn>
  /** Throws as login does. */
  redeem(key: string, who: string): SignedIn
  logout(asked: Asked): void
  roles(): readonly Role[]
  issueKey: SignInKeys['issue']
  /**
   * Throws E_PASSWORD, E_LOGIN_RATE. `present` is asked of pages where there is one: whoever has borrowed a page may not
   * guess it more often than a stranger may.
   */
  setPassword(caller: Caller, order: PasswordOrder): Promise<void>
  /** In how many seconds somebody may try again; null when he may now. */
  waitSeconds: LoginLimits['waitSeconds']
  /** For `set-cookie`, with a new session. */
  deviceCookie(role: Role): string
}

/** What guesses of the present password are counted by. */
export const passwordTriedBy = ({ csrf }: BrowserSession): string => `session ${csrf}`

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
  readonly devices: DeviceMarks
}

/** Tries of passwords that wait while one is on its way: each takes 32 MiB and a quarter of a second of one core. */
const mostWaiting = 8

export function createAccess(options: AccessOptions): AccessDesk {
  const { tokens, passwords, sessions, keys, limits, devices } = options
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
  const checkRate = (sought: Sought, who: string): void => {
    const seconds = limits.waitSeconds(sought, who)
    if (seconds !== null) throw new PacelineError('E_LOGIN_RATE', `try again in ${seconds} s`)
  }
  const isRight = async (role: Role, password: string, who: string): Promise<boolean> => {
    checkRate(role, who)
    const isRight = await passwords.check(role, password)
    if (isRight) limits.succeeded(role, who)
    else limits.failed(role, who)
    return isRight
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
    triedBy({ headers }, address, sought) {
      const device = sought === 'key' ? null : devices.deviceIn(headers.cookie, sought)
      return device ?? address
    },
    async login(role, password, who) {
      checkRate(role, who)
      if (waiting >= mostWaiting) throw new PacelineError('E_LOGIN_RATE', 'others are trying')
      waiting += 1
      try {
        const isIn = await inTurn(() => isRight(role, password, who))
        if (!isIn) throw new PacelineError('E_LOGIN', `this is not the password of ${role}`)
      } finally {
        waiting -= 1
      }
      return sessions.begin(role)
    },
    redeem(key, who) {
      // Nobody guesses 144 bits: what others try keeps out no one who has the right key.
      const role = keys.redeem(key)
      if (role === null) {
        checkRate('key', who)
        limits.failed('key', who)
        throw new PacelineError('E_LOGIN', 'the link was used already, or is older than ten minutes')
      }
      limits.succeeded('key', who)
      limits.succeeded(role, who)
      return sessions.begin(role)
    },
    logout({ headers }) {
      const token = tokenInCookies(headers.cookie)
      if (token !== null) sessions.end(token)
    },
    roles: passwords.roles,
    issueKey: keys.issue,
    async setPassword({ session }, { role, password, present }) {
      if (session) checkRate('admin', passwordTriedBy(session))
      await inTurn(async () => {
        const isAsked = session !== undefined && passwords.roles().includes('admin')
        if (isAsked && !(await isRight('admin', present ?? '', passwordTriedBy(session))))
          throw new PacelineError('E_PASSWORD', 'the present password of admin is another one')
        await passwords.set(role, password)
      })
      sessions.endAll(role)
    },
    waitSeconds: limits.waitSeconds,
    deviceCookie: devices.cookie,
  }
}

function isSecret(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))
}
