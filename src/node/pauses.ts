/** Pauses before the head is asked again; when it is there again, nobody waits any longer. */
export class Pauses {
  private readonly wakers = new Set<() => void>()

  /** Ends all pauses. */
  wakeAll(): void {
    for (const wake of this.wakers) wake()
  }

  /** Resolves with false after `ms` or as soon as the signal is aborted, with true when it was woken before. */
  pause(ms: number, signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false)
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
