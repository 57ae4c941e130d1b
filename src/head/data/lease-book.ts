import { mediaAllowance } from '../../cluster/media-allowance.ts'
import type { MediaBytes } from '../files/media-bytes.ts'

/** A file that a lease may read. */
export interface OpenInput {
  readonly path: string
  readonly size: number
  readonly bytes: MediaBytes
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
  /** Id of the node that has it. */
  readonly node: string
  readonly inputs: readonly OpenInput[]
  readonly owner: LeaseOwner
  /** Counts what is sent of its inputs; see mediaAllowance. */
  readonly take: (bytes: number) => boolean
  /** Aborted when the lease is closed: what is being sent to its node then ends. */
  readonly closed: AbortSignal
}

/** Every lease that may use the data plane now. */
export interface LeaseBook {
  open(attempt: string, node: string, inputs: readonly OpenInput[], owner: LeaseOwner): OpenLease
  close(attempt: string): void
  /** The lease, or why this node has none: `over` (or never was), `denied` (it is another node's). */
  find(attempt: string, node: string): OpenLease | 'over' | 'denied'
}

/** An empty book; it lives in memory alone, so a head that starts again lets no former lease in. */
export function createLeaseBook(): LeaseBook {
  const leases = new Map<string, { lease: OpenLease; closing: AbortController }>()
  return {
    open(attempt, node, inputs, owner) {
      const closing = new AbortController()
      const take = mediaAllowance(inputs, 'head')
      const lease = { attempt, node, inputs, owner, take, closed: closing.signal }
      leases.set(attempt, { lease, closing })
      return lease
    },
    close(attempt) {
      leases.get(attempt)?.closing.abort()
      leases.delete(attempt)
    },
    find(attempt, node) {
      const lease = leases.get(attempt)?.lease
      if (!lease) return 'over'
      return lease.node === node ? lease : 'denied'
    },
  }
}
