import type { SessionAction } from './actions.ts'
import { creditLimit } from './credit.ts'
import type { Lease } from './lease.ts'
import { type Hole, type PartState, plannedEnd } from './part.ts'
import { newProgress } from './progress.ts'
import type { SessionState } from './state.ts'

/**
 * Grants [range.from, range.to) of a part to a node; a lease that reaches the expected end goes on behind it. `doubled`
 * is the lease whose segment in hand it makes a second time.
 */
export function grantLease(
  state: SessionState,
  part: PartState,
  node: string,
  range: Hole,
  nowMs: number,
  doubled: Lease | null = null,
): SessionAction {
  const { spec } = state
  const { from } = range
  const reachesEnd = part.end.bound === null && range.to >= plannedEnd(part, spec)
  const isLast = reachesEnd && !isKeptFrom(part, range.to)
  const wanted = isLast ? range.to + spec.policy.overrunSegments : range.to
  const to = spec.reach?.({ part: part.name, node, from, to: wanted, open: isLast }) ?? wanted
  const open = isLast && to === wanted
  const until = Math.min(to, creditLimit(state, part))
  const attempt = `${spec.attemptPrefix}-${state.attempts}`
  state.attempts += 1
  part.leases.set(attempt, {
    ...{ attempt, node, from, to, until, next: from, movedMs: nowMs },
    ...{ cut: false, late: false, short: null, progress: newProgress(nowMs) },
  })
  const failures = part.failures.get(from) ?? 0
  const doubles = doubled?.attempt ?? null
  return { type: 'grant', attempt, node, part: part.name, from, to, until, open, failures, doubles }
}

/** Whether a lease that began after a late one looks for the end of the input from there on. */
function isKeptFrom(part: PartState, segment: number): boolean {
  return [...part.leases.values()].some(({ late, from, to }) => !late && from >= segment && from < to)
}
