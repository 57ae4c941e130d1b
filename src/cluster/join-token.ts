import { createHash } from 'node:crypto'
import { PacelineError } from '../errors.ts'
import type { JoinToken } from './messages.ts'

const prefix = 'pl2'

/** The token as one word without spaces: `pl2.<base64url of the JSON>.<checksum>`. It is a secret: never log it. */
export function encodeJoinToken({ head, fingerprint, id, secret }: JoinToken): string {
  const payload = Buffer.from(JSON.stringify({ head, fingerprint, id, secret })).toString('base64url')
  return [prefix, payload, checksum(payload)].join('.')
}

/**
 * Reads a token, also one that a terminal or a mail has broken into lines. Throws E_TOKEN_INVALID saying which
 * part is wrong, without repeating the token.
 */
export function decodeJoinToken(text: string): JoinToken {
  const [first, payload = '', sum, ...more] = text.replace(/\s+/g, '').split('.')
  if (first !== prefix) throw invalid(`it does not begin with ${prefix}.`)
  if (sum !== checksum(payload) || more.length > 0) throw invalid('it is incomplete or mistyped')
  const token = parse(payload)
  for (const [name, isRight] of Object.entries(checks)) {
    const value = token[name]
    if (typeof value !== 'string' || !isRight(value)) throw invalid(`its field "${name}" is wrong`)
  }
  const { head, fingerprint, id, secret } = token as unknown as JoinToken
  return { head, fingerprint, id, secret }
}

const checks = {
  head: (text) => URL.canParse(text) && new URL(text).protocol === 'https:' && new URL(text).host !== '',
  fingerprint: (text) => /^[0-9a-f]{64}$/.test(text),
  id: (text) => /^[A-Za-z0-9_-]{1,64}$/.test(text),
  secret: (text) => /^[A-Za-z0-9_-]{16,256}$/.test(text),
} satisfies Record<keyof JoinToken, (text: string) => boolean>

/** Against slips of hand, not against attackers: 48 bits of SHA-256. */
function checksum(payload: string): string {
  return createHash('sha256').update(payload).digest('base64url').slice(0, 8)
}

function parse(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    throw invalid('it is not written by this version of Paceline', cause)
  }
  throw invalid('it is not written by this version of Paceline')
}

const invalid = (where: string, cause?: unknown) => new PacelineError('E_TOKEN_INVALID', where, { cause })
