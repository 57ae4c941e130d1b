import type { Role } from '../api/contract/access.ts'

/** What somebody wants to be let in as: each is counted by itself, so that who may look has no more guesses at the rest. */
export type Sought = Role | 'key'

/** How often somebody may try to sign in. He is known by his address, or by a word with a blank in it: see AccessDesk. */
export interface LoginLimits {
  /** Null when he may try now; otherwise in how many seconds. */
  waitSeconds(sought: Sought, who: string): number | null
  failed(sought: Sought, who: string): void
  succeeded(sought: Sought, who: string): void
}

/** So many wrong ones in so long, from one address and from all together. */
export const usualLoginLimits = { perAddress: 10, inAll: 100, windowMs: 15 * 60_000 }

/** Addresses that are remembered; what is older is forgotten first. */
const mostAddresses = 1_000

/**
 * Counts what was wrong. Whoever has signed in from an address before is not kept out by what all others try: nobody can
 * lock the door from outside.
 *
 * @param now milliseconds of a monotonic clock
 */
export function createLoginLimits(now: () => number, limits = usualLoginLimits): LoginLimits {
  const failures = new Map<string, number[]>()
  const known = new Set<string>()
  let all: number[] = []

  const recent = (times: readonly number[]): number[] => times.filter((at) => now() - at < limits.windowMs)
  const wait = (times: readonly number[], most: number): number | null => {
    const nth = times.at(-most)
    if (times.length < most || nth === undefined) return null
    return Math.max(1, Math.ceil((nth + limits.windowMs - now()) / 1000))
  }
  return {
    waitSeconds(sought, who) {
      const key = keyOf(sought, who)
      const own = wait(recent(failures.get(key) ?? []), limits.perAddress)
      if (own !== null || known.has(key) || !isAddress(who)) return own
      return wait(recent(all), limits.inAll)
    },
    failed(sought, who) {
      const key = keyOf(sought, who)
      const times = [...recent(failures.get(key) ?? []), now()]
      failures.delete(key)
      failures.set(key, times)
      all = [...recent(all), now()].slice(-limits.inAll)
      const [oldest] = failures.keys()
      if (failures.size > mostAddresses && oldest !== undefined) failures.delete(oldest)
    },
    succeeded(sought, who) {
      const key = keyOf(sought, who)
      failures.delete(key)
      known.add(key)
      const [oldest] = known
      if (known.size > mostAddresses && oldest !== undefined) known.delete(oldest)
    },
  }
}

/** What is counted by something else is of who has been in before. */
const isAddress = (who: string): boolean => !who.includes(' ')

const keyOf = (sought: Sought, who: string): string => `${sought} ${isAddress(who) ? networkOf(who) : who}`

/** Whoever has an IPv6 address has all of its /64 (RFC 6177): they count as one. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
