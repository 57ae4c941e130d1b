/** What has been started so far, to be ended in reverse order: when the head closes, or when its start fails half-way. */
export interface Shutdown {
  /** Remembers how to end what has just been started. */
  add(end: () => Promise<void> | void): void
  /** Ends everything, last first; one that fails does not keep the others from ending, and is thrown at the end. */
  run(): Promise<void>
}

/** Nothing to end yet; after run() it is empty again, so running it twice ends nothing twice. */
export function createShutdown(): Shutdown {
  const ends: (() => Promise<void> | void)[] = []
  return {
    add: (end) => void ends.push(end),
    async run() {
      const failures: unknown[] = []
      for (let end = ends.pop(); end; end = ends.pop()) {
        try {
          await end()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be ended')
    },
  }
}
