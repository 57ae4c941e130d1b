import { contractFault } from '../../../cluster/contract.ts'
import type { DrainState } from '../../drain/drain.ts'
import type { FleetNode } from '../../fleet.ts'
import type { LeaseView, NodeState, NodeView, ProofSummary } from '../contract/node-view.ts'
import type { NodePower } from './node-power.ts'

/** All that is known of one node. */
export interface NodeFacts {
  readonly id: string
  readonly name: string
  /** Nothing while it is not there. */
  readonly node: FleetNode | undefined
  readonly drained: DrainState | null
  readonly power: NodePower | undefined
  /** Kinds of work that it is kept off. */
  readonly keptOff: number
  readonly leases: readonly LeaseView[]
  /** Since when it is in its state; null before that has been seen. */
  readonly sinceMs: number | null
  readonly isFirstResponder: boolean
}

/**
 * What a node is doing. Its power counts first, but not against what is heard of it: one that is to be off and is there
 * works all the same.
 */
export function nodeState({ node, drained, power, leases }: NodeFacts): NodeState {
  if (power?.state === 'waking' || power?.state === 'going-to-sleep') return power.state
  if (!node) return power?.state ?? 'away'
  if (drained !== null) return drained
  if (contractFault(node.beat.contract) !== null) return 'outdated'
  return node.beat.leases.length > 0 || leases.length > 0 ? 'busy' : 'ready'
}

export function nodeView(facts: NodeFacts): NodeView {
  const { id, name, node, power, keptOff } = facts
  const beat = node?.beat
  return {
    ...{ id, name, state: nodeState(facts), sinceMs: facts.sinceMs },
    readyAtMs: power?.state === 'waking' ? power.readyAtMs : null,
    watts: power?.watts ?? null,
    load: beat?.health?.load ?? null,
    celsius: beat?.health?.celsius ?? null,
    cores: node?.cores ?? null,
    version: node?.version ?? null,
    speed: node?.speed === undefined ? null : Math.round(node.speed * 100) / 100,
    proof: node ? proofSummary(node, keptOff) : null,
    leases: facts.leases,
    isFirstResponder: facts.isFirstResponder,
    keepWarmUntilMs: power?.keepWarmUntilMs ?? null,
    hasPowerControl: power?.hasPowerControl ?? false,
    troubles: beat?.troubles ?? [],
  }
}

/** Platforms that tell no details (the processor, nodes of former releases) count as one proof. */
function proofSummary({ platforms, capabilities }: FleetNode, keptOff: number): ProofSummary {
  const told = [...(capabilities ?? [])]
  const silent = platforms.filter((name) => !capabilities?.has(name)).length
  const proved = told.reduce(
    (sum, [, { decoders, filters, encoders }]) => sum + decoders.length + filters.length + encoders.length,
    silent,
  )
  const failed = told.reduce((sum, [, each]) => sum + (each.failed?.length ?? 0), 0)
  return { proved, failed, platforms, keptOff }
}
