import { createHash } from 'node:crypto'

/** A server's `WWW-Authenticate: Digest …` (RFC 7616). */
export interface DigestChallenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  readonly algorithm: 'MD5' | 'SHA-256'
  readonly isStale: boolean
}

/** The challenge in a header, or undefined where it offers no digest that we know (quality `auth`; MD5 or SHA-256). */
export function readChallenge(header: string): DigestChallenge | undefined {
  const offer = /(?:^|,\s*)Digest\s+(.*)/is.exec(header)?.[1]
  if (offer === undefined) return undefined
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, bare] of offer.matchAll(
    /([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi,
  ))
    fields.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '')
  const algorithm = (fields.get('algorithm') ?? 'MD5').toUpperCase()
  const [realm, nonce] = [fields.get('realm'), fields.get('nonce')]
  const isAuth = (fields.get('qop') ?? '').split(/\s*,\s*/).includes('auth')
  if (realm === undefined || nonce === undefined || !isAuth) return undefined
  if (algorithm !== 'MD5' && algorithm !== 'SHA-256') return undefined
  const isStale = fields.get('stale')?.toLowerCase() === 'true'
  return { realm, nonce, opaque: fields.get('opaque'), algorithm, isStale }
}

export interface DigestRequest {
  readonly method: string
  /** Path and query as on the request line. */
  readonly path: string
  readonly user: string
  readonly password: string
  /** How often the nonce has been used, this time included. */
  readonly count: number
  /** Random, our own. */
  readonly clientNonce: string
}

/** The value of the `Authorization` header that answers a challenge (RFC 7616, section 3.4). */
export function answerChallenge(challenge: DigestChallenge, request: DigestRequest): string {
  const hash = (text: string) =>
    createHash(challenge.algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex')
  const count = request.count.toString(16).padStart(8, '0')
  const identity = hash(`${request.user}:${challenge.realm}:${request.password}`)
  const action = hash(`${request.method}:${request.path}`)
  const response = hash([identity, challenge.nonce, count, request.clientNonce, 'auth', action].join(':'))
  const quoted = { username: request.user, realm: challenge.realm, nonce: challenge.nonce, uri: request.path }
  const fields = [
    ...Object.entries(quoted).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`),
    `algorithm=${challenge.algorithm}`,
    `response="${response}"`,
    'qop=auth',
    `nc=${count}`,
    `cnonce="${request.clientNonce}"`,
    ...(challenge.opaque === undefined ? [] : [`opaque="${challenge.opaque}"`]),
  ]
  return `Digest ${fields.join(', ')}`
}
