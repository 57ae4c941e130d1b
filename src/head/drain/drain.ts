import { PacelineError } from '../../errors.ts'
import { canWork, type Fleet, type FleetNode } from '../fleet.ts'
import type { DrainedNodes } from './drained-nodes.ts'

/** How far a node is that is to do no more: it finishes what it has in hand, or has nothing any more. */
export type DrainState = 'draining' | 'drained'

export interface DrainedNode {
  readonly id: string
  readonly name: string
  /** Null when it may work. */
  readonly state: DrainState | null
}

/** Takes nodes out of work without anybody noticing, and puts them back. */
export interface Drain {
  /**
   * By id or name. The node gets no new work, and what it has is handed over. Throws E_NODE_NAME, and E_LAST_NODE when
   * nobody else could go on and that is not forced.
   */
  drain(which: string, force: boolean): Promise<DrainedNode>
  /** It may work again. Throws E_NODE_NAME. */
  resume(which: string): Promise<DrainedNode>
  /** Null when it may work. Nodes that are away can be drained, too. */
  stateOf(id: string): DrainState | null
}

export interface DrainOptions {
  readonly drained: DrainedNodes
  readonly fleet: Pick<Fleet, 'node' | 'nodes'>
  readonly known: () => readonly { readonly id: string; readonly name: string }[]
  /** Leases that the head has with a node. */
  readonly leasesOf: (id: string) => number
  /** Who may be given work has changed. */
  readonly onChange: () => void
}

export function createDrain({ drained, fleet, known, leasesOf, onChange }: DrainOptions): Drain {
  const find = (which: string) => {
    const node = known().find(({ id, name }) => id === which || name === which)
    if (!node) throw new PacelineError('E_NODE_NAME', which)
    return node
  }
  const stateOf = (id: string): DrainState | null => {
    const node = fleet.node(id)
    const name = known().find((each) => each.id === id)?.name
    if (!node) return name !== undefined && drained.has(name) ? 'drained' : null
    if (!node.draining) return null
    return isBusy(node) ? 'draining' : 'drained'
  }
  const isBusy = ({ id, beat }: FleetNode): boolean => beat.leases.length > 0 || leasesOf(id) > 0
  const set = async (which: string, toDrained: boolean): Promise<DrainedNode> => {
    const { id, name } = find(which)
    await drained.set(name, toDrained)
    onChange()
    return { id, name, state: stateOf(id) }
  }
  return {
    async drain(which, force) {
      const { id, name } = find(which)
      const working = fleet.nodes().filter(canWork)
      if (!force && working.length > 0 && working.every((node) => node.id === id))
        throw new PacelineError('E_LAST_NODE', name)
      return set(id, true)
    },
    resume: (which) => set(which, false),
    stateOf,
  }
}
