import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** A password as it is kept: by scrypt (RFC 7914), with what it takes to try one. */
export const passwordHash = z.strictObject({
  scheme: z.literal('scrypt'),
  n: z.int().min(1024).max(1_048_576),
  r: z.int().min(1).max(32),
  p: z.int().min(1).max(16),
  salt: z.string().min(16).max(200),
  hash: z.string().min(16).max(200),
})

export type PasswordHash = z.infer<typeof passwordHash>

/** Of the OWASP password storage cheat sheet: 32 MiB and three rounds, about a quarter of a second of one core. */
const cost = { n: 32_768, r: 8, p: 3 }
const hashBytes = 32

/** Long enough for every phrase, and no work for the hash. */
export const passwordBounds = { least: 8, most: 256 }

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, cost)
  return { scheme: 'scrypt', ...cost, salt: salt.toString('base64url'), hash: hash.toString('base64url') }
}

/** In the same time whether it is the right one, a wrong one, or there is none at all (`null`). */
export async function isPassword(password: string, kept: PasswordHash | null): Promise<boolean> {
  const { salt, hash, ...parameters } = kept ?? nobody
  const wanted = Buffer.from(hash, 'base64url')
  const derived = await derive(password, Buffer.from(salt, 'base64url'), parameters)
  return wanted.length === derived.length && timingSafeEqual(wanted, derived) && kept !== null
}

/** What is tried where no password is set. */
const nobody: PasswordHash = {
  ...{ scheme: 'scrypt', ...cost },
  salt: Buffer.alloc(16).toString('base64url'),
  hash: Buffer.alloc(hashBytes).toString('base64url'),
}

function derive(
  password: string,
  salt: Buffer,
  { n, r, p }: Pick<PasswordHash, 'n' | 'r' | 'p'>,
): Promise<Buffer> {
  // scrypt itself takes 128 n r bytes; OpenSSL wants to hear of a little more.
  const options = { N: n, r, p, maxmem: 128 * n * r + 1024 * 1024 * p }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
