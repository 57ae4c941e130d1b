import { type ReadonlySignal, signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

/** Begins to draw a little before something is scrolled into sight. */
const margin = '240px'

const tellers = new Map<Element, (isOn: boolean) => void>()

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) tellers.get(target)?.(isIntersecting)
  },
  { rootMargin: margin },
)

/** Whether an element is on the screen or close to it: what is not need not follow what happens. */
export function useOnScreen(element: RefObject<Element | null>): ReadonlySignal<boolean> {
  const [isOn] = useState(() => signal(false))
  useLayoutEffect(() => {
    const target = element.current
    if (!target) return
    tellers.set(target, (isSeen) => {
      isOn.value = isSeen
    })
    observer.observe(target)
    return () => {
      observer.unobserve(target)
      tellers.delete(target)
    }
  }, [element, isOn])
  return isOn
}
