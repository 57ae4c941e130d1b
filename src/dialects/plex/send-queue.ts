/** One step after the other, in the order they were added. */
export interface SendQueue {
  /**
   * Runs the step when all before it are over, whatever became of them. Resolves when the step is over, rejects
   * with what it throws; once the signal is aborted waiting steps are left out and resolve at once.
   */
  add(step: () => Promise<void>): Promise<void>
}

/** An empty queue; aborting the signal does not interrupt the step that runs, which has to watch it by itself. */
export function openSendQueue(signal: AbortSignal): SendQueue {
  let tail: Promise<void> = Promise.resolve()
  return {
    add(step) {
      const run = tail.then(async () => {
        if (!signal.aborted) await step()
      })
      // The one who added the step hears of its failure; the next step is none the worse for it.
      tail = run.then(
        () => undefined,
        () => undefined,
      )
      return run
    },
  }
}
