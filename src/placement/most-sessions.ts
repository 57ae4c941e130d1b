import type { PlacementNode, PlacementSession } from './wants.ts'

/** Nodes are shared when there are more sessions than nodes, but a node never works for more than so many. */
export const maxSessionsPerNode = 4

/** A large node carries as many as it has room for, one of them in part: it has another node besides. */
export function mostOn({ capacity = 0 }: PlacementNode, { demand }: PlacementSession): number {
  return Math.max(maxSessionsPerNode, demand === undefined ? 0 : Math.ceil(capacity / demand))
}
