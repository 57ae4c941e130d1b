import { type ReadonlySignal, signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

const tellers = new Map<Element, (width: number) => void>()

const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) tellers.get(target)?.(contentRect.width)
})

/** An element's width in CSS pixels, 0 before it has been laid out. One observer serves all. */
export function useElementWidth(element: RefObject<Element | null>): ReadonlySignal<number> {
  const [width] = useState(() => signal(0))
  useLayoutEffect(() => {
    const target = element.current
    if (!target) return
    tellers.set(target, (pixels) => {
      width.value = Math.floor(pixels)
    })
    observer.observe(target)
    return () => {
      observer.unobserve(target)
      tellers.delete(target)
    }
  }, [element, width])
  return width
}
