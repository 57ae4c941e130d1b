import { createHash, X509Certificate } from 'node:crypto'
import { PacelineError } from '../errors.ts'
import { type JoinToken, nodeIdPattern } from './messages.ts'

const prefix = 'pl1'

/** The token as one word without spaces: `pl1.<base64url of the JSON>.<checksum>`. It is a secret: never log it. */
export function encodeJoinToken(token: JoinToken): string {
  const payload = Buffer.from(JSON.stringify(token)).toString('base64url')
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
  const { id, name, nats, seed, head, certificate } = token as unknown as JoinToken
  return { id, name, nats, seed, head, certificate, ...(token.foreignNats === true && { foreignNats: true }) }
}

const checks = {
  id: (text) => nodeIdPattern.test(text),
  name: (text) => text !== '' && text.length <= 200,
  nats: (text) => hasProtocol(text, 'nats:', 'tls:'),
  seed: (text) => /^SU[A-Z2-7]{56}$/.test(text),
  head: (text) => hasProtocol(text, 'https:'),
  certificate: isCertificate,
} satisfies Record<Exclude<keyof JoinToken, 'foreignNats'>, (text: string) => boolean>

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

function hasProtocol(text: string, ...protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).host !== ''
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0
  } catch {
    return false
  }
}

const invalid = (where: string, cause?: unknown) => new PacelineError('E_TOKEN_INVALID', where, { cause })
