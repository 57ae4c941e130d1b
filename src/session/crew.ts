import type { SessionNode } from './events.ts'
import type { Lease } from './lease.ts'
import { busyLeases, type PartState } from './part.ts'
import { type SessionState, speedsAt, usableNodes } from './state.ts'

/** Who may work on a part, who does, and how fast. */
export interface Crew {
  readonly usable: readonly SessionNode[]
  /** Usable nodes without work on this part, fastest first. */
  readonly idle: readonly SessionNode[]
  readonly busy: readonly Lease[]
  /** Seconds of source a second; a node that is not listed any more counts as the slowest listed one. */
  readonly speedOf: (node: string) => number
}

export function crewOf(state: SessionState, part: PartState, nowMs: number): Crew {
  const speeds = speedsAt(state, part)
  const slowest = Math.min(1, ...speeds.values())
  const speedOf = (node: string) => speeds.get(node) ?? slowest
  const usable = usableNodes(state, part)
  const busy = busyLeases(part)
  const working = new Set(busy.map((lease) => lease.node))
  const isRested = (node: SessionNode) => (state.restUntilMs.get(node.id) ?? 0) <= nowMs
  const idle = usable
    .filter((node) => !working.has(node.id) && isRested(node))
    .toSorted((a, b) => speedOf(b.id) - speedOf(a.id) || b.cores - a.cores || (a.id < b.id ? -1 : 1))
  return { usable, idle, busy, speedOf }
}
