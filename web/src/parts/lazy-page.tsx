import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** Between tries. */
const pauseMs = 1_000

/** A page whose code is loaded when somebody first goes there, again and again where the head does not answer. */
export function lazyPage(load: () => Promise<ComponentType>): ComponentType {
  let known: ComponentType | null = null
  return function LazyPage() {
    const [Page, setPage] = useState<ComponentType | null>(() => known)
    useEffect(() => {
      if (known) return
      let timer: ReturnType<typeof setTimeout> | undefined
      const loadNow = () =>
        load().then(
          (page) => {
            known = page
            setPage(() => page)
          },
          (error: unknown) => {
            // What a browser says of a module that does not come.
            if (!(error instanceof TypeError)) throw error
            timer = setTimeout(loadNow, pauseMs)
          },
        )
      void loadNow()
      return () => clearTimeout(timer)
    }, [])
    return Page === null ? <p class="quiet">One moment …</p> : <Page />
  }
}
