/** A part of a large fleet that decides for itself, with a head of its own: what others need to know of it. */
export interface Cell {
  readonly id: string
  /** Work a second that its awake nodes have left. */
  readonly awakeFree: number
  /** The same of all its nodes, awake or not. */
  readonly free: number
}

/** As admission keeps it. */
const margin = 1.2

/**
 * Which cell takes a stream: of those that have room for it on nodes that are awake, the one with the least, so that
 * others empty and sleep; else the one with the most room in all. Null where it fits nowhere.
 */
export function chooseCell(cells: readonly Cell[], demand: number): string | null {
  let packed: Cell | null = null
  let roomy: Cell | null = null
  for (const cell of cells) {
    if (cell.awakeFree >= demand * margin && (!packed || cell.awakeFree < packed.awakeFree)) packed = cell
    if (cell.free >= demand * margin && (!roomy || cell.free > roomy.free)) roomy = cell
  }
  return (packed ?? roomy)?.id ?? null
}
