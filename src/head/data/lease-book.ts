import { randomBytes, timingSafeEqual } from 'node:crypto'

/** A file that a lease may read. */
export interface OpenInput {
  readonly path: string
  readonly size: number
}

/** What an arriving segment is told before its bytes are stored. */
export type Verdict = 'accept' | 'duplicate' | 'stale' | 'gone'

/** The session behind a lease, as the data plane sees it. */
export interface LeaseOwner {
  verdict(attempt: string, segment: number): Verdict
  /**
   * Takes a whole segment whose digest is right. Answers why not when its content is not what the timeline
   * wants, null when it has been stored.
   */
  store(attempt: string, segment: number, bytes: Buffer): Promise<string | null>
}

export interface OpenLease {
  readonly attempt: string
  readonly token: string
  readonly inputs: readonly OpenInput[]
  readonly owner: LeaseOwner
  /** Aborted when the lease is closed: what is being sent to its node then ends. */
  readonly closed: AbortSignal
}

/** Every lease that may use the data plane now; its token dies when it is closed. */
export interface LeaseBook {
  open(attempt: string, inputs: readonly OpenInput[], owner: LeaseOwner): OpenLease
  close(attempt: string): void
  /** The lease, or the HTTP status to answer with: 410 for one that is over, 401 for a wrong token. */
  find(attempt: string, authorization: string | undefined): OpenLease | 401 | 410
}

/** An empty book; it lives in memory alone, so a head that starts again lets no former lease in. */
export function createLeaseBook(): LeaseBook {
  const leases = new Map<string, { lease: OpenLease; closing: AbortController }>()
  return {
    open(attempt, inputs, owner) {
      const token = randomBytes(24).toString('base64url')
      const closing = new AbortController()
      const lease = { attempt, token, inputs, owner, closed: closing.signal }
      leases.set(attempt, { lease, closing })
      return lease
    },
    close(attempt) {
      leases.get(attempt)?.closing.abort()
      leases.delete(attempt)
    },
    find(attempt, authorization) {
      const lease = leases.get(attempt)?.lease
      if (!lease) return 410
      return isSame(authorization ?? '', `Bearer ${lease.token}`) ? lease : 401
    },
  }
}

function isSame(given: string, wanted: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && timingSafeEqual(a, b)
}
