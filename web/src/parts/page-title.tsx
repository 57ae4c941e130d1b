import { useEffect, useRef } from 'preact/hooks'

interface PageTitleProps {
  /** For the browser's tab. */
  readonly title: string
  readonly children: preact.ComponentChildren
}

/** Set once the first page is there: from then on a change of pages moves the focus, as a new document would. */
let isFirst = true

/** The heading of a page; takes the focus when somebody comes from another one. */
export function PageTitle({ title, children }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst) heading.current?.focus()
    isFirst = false
  }, [])
  useEffect(() => {
    document.title = title === 'Now' ? 'Paceline' : `${title} · Paceline`
  }, [title])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
