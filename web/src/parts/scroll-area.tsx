import { useEffect, useRef } from 'preact/hooks'

interface ScrollAreaProps {
  readonly label: string
  readonly class?: string
  readonly children: preact.ComponentChildren
}

/** What may be larger than its place. The keyboard reaches it when there is something to scroll, and only then. */
export function ScrollArea({ label, class: name = '', children }: ScrollAreaProps) {
  const area = useRef<HTMLElement>(null)
  useEffect(() => {
    const element = area.current
    if (!element) return
    const look = () => {
      const { scrollHeight, clientHeight, scrollWidth, clientWidth } = element
      element.tabIndex = scrollHeight > clientHeight || scrollWidth > clientWidth ? 0 : -1
    }
    const observer = new ResizeObserver(look)
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [])
  return (
    <section ref={area} class={`scroll ${name}`} aria-label={label}>
      {children}
    </section>
  )
}
