import type { LifePhase } from '../../placement/power/node-life.ts'
import type { PowerProfile } from '../../placement/power/power-profile.ts'
import type { Basis, Draw, DrawState } from './cell.ts'

/** A node at this moment, as far as its energy goes. */
export interface NodeNow {
  readonly id: string
  readonly phase: LifePhase
  /** Its agent is heard. */
  readonly isHere: boolean
  /** What it draws by a meter or by its own model; null where nobody reads it. */
  readonly watts: { readonly value: number; readonly basis: Basis } | null
  /** What it draws at rest, as it was seen; null while that is not known. */
  readonly idleWatts: number | null
  /** From the settings; null for a node of which nothing is written. */
  readonly profile: PowerProfile | null
  /** One for each of its leases: the session that it is of. */
  readonly leases: readonly string[]
  /** Its machine is the head's own, whose idling is a part of the floor. */
  readonly isFirstResponder: boolean
}

/**
 * Where a node's energy goes now. A meter that still answers is believed whatever the node does; else what is written of
 * it counts. What an awake node draws above idling is shared out equally among its leases, the rest is nobody's.
 */
export function drawsOf(node: NodeNow): readonly Draw[] {
  const { id, phase, isHere, profile, watts } = node
  if (isHere && phase !== 'waking') return awake(node)
  const [state, written] = restOf(phase, profile)
  if (node.isFirstResponder) return []
  const draw = { node: id, session: '', state, share: 1 }
  if (watts) return [{ ...draw, basis: watts.basis, watts: watts.value }]
  return [{ ...draw, basis: 'modelled', watts: written }]
}

function restOf(phase: LifePhase, profile: PowerProfile | null): readonly [DrawState, number] {
  if (phase === 'waking') return ['waking', profile?.wakeWatts ?? 0]
  if (phase === 'going-to-sleep') return ['going-to-sleep', profile?.sleepWatts ?? 0]
  return ['off', profile?.offWatts ?? 0]
}

function awake(node: NodeNow): readonly Draw[] {
  const { id, leases, isFirstResponder } = node
  const drawn = node.watts ?? modelled(node)
  const draw = { node: id, session: '', share: 1 }
  if (drawn === null) {
    return isFirstResponder ? [] : [{ ...draw, state: 'unknown', basis: 'modelled', watts: 0 }]
  }
  const { value, basis } = drawn
  const resting =
    leases.length === 0 ? value : Math.min(value, node.idleWatts ?? node.profile?.idleWatts ?? 0)
  const idle: Draw[] = isFirstResponder ? [] : [{ ...draw, state: 'idle', basis, watts: resting }]
  const each = (value - resting) / leases.length
  const busy = [...new Set(leases)].map((session): Draw => {
    const own = leases.filter((other) => other === session).length
    return { ...draw, session, state: 'busy', basis, watts: each * own, share: own / leases.length }
  })
  return [...idle, ...busy]
}

/** Without any reading a node with leases is taken for wholly busy. */
function modelled({ profile, leases }: NodeNow): { value: number; basis: Basis } | null {
  if (profile === null) return null
  return { value: leases.length > 0 ? profile.busyWatts : profile.idleWatts, basis: 'modelled' }
}
