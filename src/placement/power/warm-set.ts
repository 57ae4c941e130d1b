/** A node as far as it matters to who stays awake with nothing to do. */
export interface WarmNode {
  readonly id: string
  readonly idleWatts: number
  readonly isAwake: boolean
  /** It works anyway, or is on its way to. */
  readonly isWanted: boolean
  readonly wakeJoules: number
  /** Watts by which it adds to what counts against the cap. */
  readonly addedWatts: number
}

/** A boot is made up for over so long: the hours in which nodes are kept warm are hours. */
const paybackSeconds = 3_600

/**
 * Who is kept awake though nobody needs it: those that work count first, then those that idle with the fewest watts,
 * where one that is awake already has the advantage of a boot. Nodes that would break the cap are left out.
 */
export function warmSet(nodes: readonly WarmNode[], count: number, leftWatts: number): string[] {
  const price = ({ idleWatts, isAwake, wakeJoules }: WarmNode) =>
    idleWatts + (isAwake ? 0 : wakeJoules / paybackSeconds)
  const byPrice = nodes.toSorted(
    (a, b) => Number(b.isWanted) - Number(a.isWanted) || price(a) - price(b) || (a.id < b.id ? -1 : 1),
  )
  const kept: string[] = []
  let left = leftWatts
  for (const { id, isWanted, addedWatts } of byPrice) {
    if (kept.length >= count) break
    if (!isWanted && addedWatts > left) continue
    if (!isWanted) left -= addedWatts
    kept.push(id)
  }
  return kept
}
