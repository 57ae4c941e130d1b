/** Pauses before the head is asked again; when it is there again, nobody waits any longer. */
export class Pauses {
  private readonly wakers = new Set<() => void>()
  private count = 0

  /** How often all were woken: what a try that may fail keeps from before it, for {@link pause}. */
  get wakings(): number {
    return this.count
  }

  /** Ends all pauses. */
  wakeAll(): void {
    this.count += 1
    for (const wake of this.wakers) wake()
  }

  /**
   * Resolves with false after `ms` or as soon as the signal is aborted, with true when it was woken before. A try that was
   * under way when all were woken may have gone to the head that was lost: there is no pause after it.
   *
   * @param since - the {@link wakings} before the try
   */
  pause(ms: number, signal?: AbortSignal, since: number = this.count): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false)
    if (since !== this.count) return Promise.resolve(true)
    return new Promise((resolve) => {
      const end = (woken: boolean) => {
        clearTimeout(timer)
        this.wakers.delete(wake)
        signal?.removeEventListener('abort', stop)
        resolve(woken)
      }
      const wake = () => end(true)
      const stop = () => end(false)
      const timer = setTimeout(stop, ms)
      this.wakers.add(wake)
      signal?.addEventListener('abort', stop)
    })
  }
}
