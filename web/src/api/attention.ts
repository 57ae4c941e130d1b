/** The page, as far as it says whether anybody can see it; `document` fits. */
export interface SeenPage {
  readonly hidden: boolean
  addEventListener(type: 'visibilitychange', listener: () => void): void
  removeEventListener(type: 'visibilitychange', listener: () => void): void
}

/** Resolves when the page can be seen, or nobody wants to know any more. */
export function untilSeen(page: SeenPage, abort: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (page.hidden && !abort.aborted) return
      page.removeEventListener('visibilitychange', look)
      abort.removeEventListener('abort', look)
      resolve()
    }
    page.addEventListener('visibilitychange', look)
    abort.addEventListener('abort', look)
    look()
  })
}

/** Calls back once, when the page has been out of sight for so long; returns what ends that. */
export function whenUnseen(page: SeenPage, afterMs: number, then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    clearTimeout(timer)
    page.removeEventListener('visibilitychange', look)
  }
  const look = () => {
    clearTimeout(timer)
    if (page.hidden)
      timer = setTimeout(() => {
        stop()
        then()
      }, afterMs)
  }
  page.addEventListener('visibilitychange', look)
  look()
  return stop
}
