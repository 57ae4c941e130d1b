/** Where it gets its turns from: a browser's frames, or a test's. */
export interface Turns {
  /** Calls back before the next frame is drawn, or soon where none is, as in a tab behind others. */
  readonly next: (turn: () => void) => void
}

/** As often as the head tells of changes; drawing more often would show nothing new. */
const gatherMs = 80

/** With a frame after what comes has been gathered for a while; in a hidden tab there are no frames. */
export const browserTurns: Turns = {
  next: (turn) => void setTimeout(() => (document.hidden ? turn() : requestAnimationFrame(turn)), gatherMs),
}

/** Gathers what comes between two turns, so that however many events arrive the page changes once in each. */
export function createFrameBatch<T>(turns: Turns, apply: (items: readonly T[]) => void): (item: T) => void {
  let waiting: T[] = []
  const flush = () => {
    const items = waiting
    waiting = []
    apply(items)
  }
  return (item) => {
    waiting.push(item)
    if (waiting.length === 1) turns.next(flush)
  }
}
