import type { GrantAction } from '../../../session/actions.ts'

/** A node that a session may use, as far as it matters here. */
export interface Candidate {
  readonly id: string
  readonly name: string
  /** Seconds of source a second, where it has been measured. */
  readonly speed?: number
}

/** Why a lease went to its node, in words, from what the session knew when it was granted. */
export function whyNode(
  { node, doubles, failures }: Pick<GrantAction, 'node' | 'doubles' | 'failures'>,
  candidates: readonly Candidate[],
): string {
  const chosen = candidates.find(({ id }) => id === node)
  const others = candidates.filter(({ id }) => id !== node)
  const reasons = [
    ...(doubles !== null ? ['the lease on it would come too late'] : []),
    ...(failures > 0 ? [`${failures} ${failures === 1 ? 'lease' : 'leases'} failed at it before`] : []),
    others.length === 0 ? 'no other node may work for this session now' : amongOthers(chosen, others),
  ]
  return reasons.join('; ')
}

function amongOthers(chosen: Candidate | undefined, others: readonly Candidate[]): string {
  const count = `one of ${others.length + 1} nodes for this session`
  if (chosen?.speed === undefined) return `${count}, not measured yet`
  const faster = others.filter(({ speed = 0 }) => speed > chosen.speed!).map(({ name }) => name)
  const rank = faster.length === 0 ? 'the fastest of them' : `after ${faster.slice(0, 3).join(', ')}`
  return `${count}, ${rank} at ${chosen.speed.toFixed(1)}x`
}
