import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A page whose code is loaded when somebody first goes there. A fault in loading is thrown where the browser shows it. */
export function lazyPage(load: () => Promise<ComponentType>): ComponentType {
  let known: ComponentType | null = null
  return function LazyPage() {
    const [Page, setPage] = useState<ComponentType | null>(() => known)
    useEffect(() => {
      if (known) return
      void load().then((page) => {
        known = page
        setPage(() => page)
      })
    }, [])
    return Page === null ? <p class="quiet">One moment …</p> : <Page />
  }
}
