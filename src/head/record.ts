import { z } from 'zod'
import type { Ledger } from '../cluster/ledger.ts'
import { createWriteBehind } from '../cluster/write-behind.ts'
import type { SessionRecord } from './session/session-hall.ts'

export const sessionState = z.object({ title: z.string(), firstSegment: z.number() })
export const leaseState = z.object({
  session: z.string(),
  part: z.string(),
  node: z.string(),
  from: z.number(),
})

export type SessionState = z.infer<typeof sessionState>
export type LeaseState = z.infer<typeof leaseState>

/**
 * Writes sessions and leases into the ledger's buckets behind everybody's back: no order waits for it, and a ledger
 * that is away is caught up with when it comes back.
 */
export function createRecord(
  ledger: Ledger<SessionState, LeaseState>,
  onTrouble: (message: string) => void,
): SessionRecord & { close(): Promise<void> } {
  const options = {
    onTrouble: (key: string, failure: { code: string }) => onTrouble(`ledger, ${key}: ${failure.code}`),
  }
  const sessions = createWriteBehind(ledger.sessions, options)
  const leases = createWriteBehind(ledger.leases, options)
  return {
    session: (id, state) => (state ? sessions.put(id, state) : sessions.remove(id)),
    lease(lease, session, ended) {
      if (ended) leases.remove(lease.attempt)
      else leases.put(lease.attempt, { session, part: lease.part, node: lease.node, from: lease.from })
    },
    async close() {
      await Promise.all([sessions.flush(1_000), leases.flush(1_000)])
      sessions.close()
      leases.close()
    },
  }
}
