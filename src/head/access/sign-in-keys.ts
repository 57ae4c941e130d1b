import { createHash, randomBytes } from 'node:crypto'
import type { Role } from '../api/contract/access.ts'

/** Keys that sign in once: for the link that `paceline dashboard` prints. */
export interface SignInKeys {
  issue(role: Role): { readonly key: string; readonly validSeconds: number }
  /** The role that it gives, once. */
  redeem(key: string): Role | null
}

const validMs = 10 * 60_000
const mostKeys = 16

/** @param now milliseconds of a monotonic clock */
export function createSignInKeys(now: () => number): SignInKeys {
  const keys = new Map<string, { readonly role: Role; readonly untilMs: number }>()
  const digest = (key: string): string => createHash('sha256').update(key).digest('base64url')
  return {
    issue(role) {
      const key = randomBytes(18).toString('base64url')
      const [oldest] = keys.keys()
      if (keys.size >= mostKeys && oldest !== undefined) keys.delete(oldest)
      keys.set(digest(key), { role, untilMs: now() + validMs })
      return { key, validSeconds: validMs / 1000 }
    },
    redeem(key) {
      const kept = keys.get(digest(key))
      if (!kept) return null
      keys.delete(digest(key))
      return now() < kept.untilMs ? kept.role : null
    },
  }
}
