import { type ErrorCode, errorTable } from '../errors.ts'

/** pino's, as far as it is needed here. */
export interface WarnLog {
  warn(fields: object, message: string): void
}

/** Tells of what was refused to whom: once, however often it is tried, so that nobody fills the disk with it. */
export interface RefusalLog {
  /**
   * `who` is an address or a node's name, `what` the particulars of this time; neither may be a secret. What is of
   * another `kind`, of which there are few, is told of by itself.
   */
  note(code: ErrorCode, who: string, what?: string, kind?: string): void
}

/** Told again after so long, with the number of those that came in between. */
const quietMs = 600_000

/** More strangers than that at a time are told of together. */
const rememberedStrangers = 1_000

export function createRefusalLog(log: WarnLog, now: () => number): RefusalLog {
  const known = new Map<string, { readonly toldMs: number; since: number }>()
  return {
    note(code, who, what, kind = '') {
      const own = `${code} ${who} ${kind}`
      const crowded = known.size >= rememberedStrangers && !known.has(own)
      const key = crowded ? `${code} others` : own
      const before = known.get(key)
      if (before !== undefined && now() - before.toldMs < quietMs) {
        before.since += 1
        return
      }
      known.delete(key)
      known.set(key, { toldMs: now(), since: 0 })
      const fields = { code, who, ...(what !== undefined && { what }) }
      const more = before !== undefined && before.since > 0 ? { refusedBefore: before.since } : {}
      log.warn({ ...fields, ...more }, errorTable[code].what)
      for (const [oldest, { toldMs }] of known) {
        if (now() - toldMs < quietMs) break
        known.delete(oldest)
      }
    },
  }
}
