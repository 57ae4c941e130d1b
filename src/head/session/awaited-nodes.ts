import type { Fleet } from '../fleet.ts'
import type { LiveSession } from './live-session.ts'

/** Nodes that hold leases of a session that another head began, while they have time to come back. */
export interface AwaitedNodes {
  /** Whether the session must wait for them still. */
  isWaiting(): boolean
  /** Nobody has to wait any more. */
  stop(): void
}

export interface AwaitedNodesOptions {
  readonly session: Pick<LiveSession, 'crew' | 'nodeLost' | 'leaseGone'>
  readonly fleet: Pick<Fleet, 'node'>
  /** Time is up. */
  readonly onPatienceOver: () => void
  readonly patienceMs?: number
}

/** Nodes come back to a head that starts again within a second. */
const usualPatienceMs = 2_500

/**
 * As soon as all are back, or time is up, the session hears of what is not as it was: leases of nodes that are not
 * there, and leases that their nodes do not know any more.
 */
export function awaitNodes(options: AwaitedNodesOptions): AwaitedNodes {
  const { session, fleet, onPatienceOver, patienceMs = usualPatienceMs } = options
  const leases = session.crew().flatMap((part) => part.leases)
  let isOver = leases.length === 0
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    onPatienceOver()
  }, patienceMs)
  const stop = (): void => {
    isOver = true
    clearTimeout(timer)
  }
  if (isOver) stop()

  const settle = (): void => {
    stop()
    for (const { attempt, node } of leases) {
      const there = fleet.node(node)
      if (!there) session.nodeLost(node)
      else if (!there.beat.leases.some((lease) => lease.attempt === attempt)) session.leaseGone(attempt)
    }
  }
  return {
    isWaiting() {
      if (!isOver && (isLate || leases.every(({ node }) => fleet.node(node)))) settle()
      return !isOver
    },
    stop,
  }
}
