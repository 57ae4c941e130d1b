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
  /**
   * The lease, or why this node has none: `over` (or never was), `denied` (it is another node's), `held` (an earlier
   * head gave it, and its session may yet go on).
   */
  find(attempt: string, node: string): OpenLease | 'over' | 'denied' | 'held'
  /** Whether it was closed in the last seconds: its node may not have heard of it. */
  hasJustEnded(attempt: string): boolean
}

/** An order takes milliseconds to a node; what it still sends after that was tried again, for two seconds at most. */
const lateMs = 5_000

/** An empty book; it lives in memory alone. `isHeld` says which leases of an earlier head may yet be opened again. */
export function createLeaseBook(
  now: () => number = () => performance.now(),
  isHeld: (attempt: string, node: string) => boolean = () => false,
): LeaseBook {
  const ended = new Map<string, number>()
  const isLongAgo = (endedMs: number): boolean => now() - endedMs > lateMs
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
      for (const [oldest, endedMs] of ended) if (isLongAgo(endedMs)) ended.delete(oldest)
      if (leases.has(attempt)) ended.set(attempt, now())
      leases.delete(attempt)
    },
    find(attempt, node) {
      const lease = leases.get(attempt)?.lease
      if (!lease) return isHeld(attempt, node) ? 'held' : 'over'
      return lease.node === node ? lease : 'denied'
    },
    hasJustEnded(attempt) {
      const endedMs = ended.get(attempt)
      return endedMs !== undefined && !isLongAgo(endedMs)
    },
  }
}
