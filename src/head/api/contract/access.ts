/** What somebody may do: all, or look. */
export type Role = 'admin' | 'viewer'

/** `GET /api/v1/access`, for everybody. */
export interface Access {
  /** Null for who has to sign in. */
  readonly role: Role | null
  /** To be sent as {@link csrfHeader} with all that is not a GET; null without a session. */
  readonly csrf: string | null
  /** Roles with a password; without any nobody can sign in but by a link of `paceline dashboard`. */
  readonly passwords: readonly Role[]
}

export const csrfHeader = 'x-paceline-csrf'

/**
 * `POST /api/v1/login`: by password, or with the key that a link from `paceline dashboard` carries behind `#sign-in=`,
 * which works once. 200 and an {@link Access}; 401 with E_LOGIN, 429 with E_LOGIN_RATE and `retry-after`.
 * `POST /api/v1/logout` ends the session.
 */
export type LoginRequest = { readonly role: Role; readonly password: string } | { readonly key: string }

/** All answers that are no success. */
export interface Problem {
  /** Of docs/errors.md. */
  readonly code: string
  readonly message: string
  readonly hint?: string
}

/**
 * Orders, all POST, all for `admin`: `/nodes/NODE/drain` {force?}, `/nodes/NODE/resume`, `/nodes/NODE/wake`,
 * `/nodes/NODE/sleep`, `/nodes/NODE/keep-warm` {minutes}, of which 0 ends it; `/viewers/expect` {minutes?}; `/tokens` {name?, address?, validSeconds?} answers an
 * {@link IssuedToken}.
 */
export interface IssuedToken {
  readonly token: string
  readonly name: string | null
  readonly validSeconds: number
  /** What to type on the new node. */
  readonly command: string
}
