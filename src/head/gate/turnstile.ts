/**
 * Lets many in at a time, but nobody while something is changed: nats-server turns away those that are just saying who
 * they are while it reads its users anew.
 */
export interface Turnstile {
  /** Calls `enter` when nothing is being changed; it resolves when whoever entered is inside. */
  enter(enter: () => Promise<void>): void
  /** Changes something when nobody is in the middle of entering, one change after the other. */
  hold(change: () => Promise<void>): Promise<void>
}

export function createTurnstile(): Turnstile {
  const entering = new Set<Promise<void>>()
  let changes: Promise<void> = Promise.resolve()
  let held = 0
  let waiting: (() => void)[] = []

  const begin = (enter: () => Promise<void>): void => {
    const entered = enter().finally(() => entering.delete(entered))
    entering.add(entered)
  }
  return {
    enter(enter) {
      if (held === 0) begin(enter)
      else waiting.push(() => begin(enter))
    },
    hold(change) {
      held += 1
      const changed = changes.then(async () => {
        await Promise.all(entering)
        await change()
      })
      const release = (): void => {
        held -= 1
        if (held > 0) return
        const next = waiting
        waiting = []
        for (const begun of next) begun()
      }
      changes = changed.then(release, release)
      return changed
    },
  }
}
