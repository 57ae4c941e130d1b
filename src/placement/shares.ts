import type { Placement, PlacementNode } from './wants.ts'

/**
 * By node: what each of its sessions gets of it while all of them are busy; 1 where it has no more than slots. The first
 * responder's slots are what it may take on, not what it does at full speed.
 */
export function sharesOf(placement: Placement, nodes: readonly PlacementNode[]): ReadonlyMap<string, number> {
  const sessions = new Map<string, number>()
  for (const ids of placement.values()) for (const id of ids) sessions.set(id, (sessions.get(id) ?? 0) + 1)
  return new Map(
    nodes.map(({ id, slots = 1, firstResponder = false }) => [
      id,
      Math.min(1, (firstResponder ? 1 : slots) / (sessions.get(id) ?? 1)),
    ]),
  )
}
