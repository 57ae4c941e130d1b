import type { NodeDecision } from '../contract/node-detail.ts'
import type { NodeState, Watts } from '../contract/node-view.ts'
import type { FleetLine } from '../contract/snapshot.ts'

/** What the head knows of a node's power. */
export interface NodePower {
  /** Where its power decides what it does; null where it is simply there or not. */
  readonly state: Extract<NodeState, 'off' | 'asleep' | 'waking' | 'going-to-sleep' | 'failed'> | null
  readonly sinceMs: number | null
  /** While it wakes. */
  readonly readyAtMs: number | null
  readonly watts: Watts | null
  readonly keepWarmUntilMs: number | null
  readonly hasPowerControl: boolean
  readonly decision: NodeDecision | null
}

/** Who wakes nodes and counts their energy, as far as views show it. */
export interface PowerSource {
  of(node: string): NodePower | undefined
  fleetLine(): FleetLine
}

/** A fleet that nobody switches and nobody measures. */
export const noPower: PowerSource = {
  of: () => undefined,
  fleetLine: () => ({ watts: null, savedWatts: null, month: null }),
}
