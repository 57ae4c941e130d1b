import type { Tone } from '../words/states.ts'

/** A shape of its own for each tone, so that nobody depends on the colour. */
const shapes: Readonly<Record<Tone, preact.JSX.Element>> = {
  active: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  calm: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2" />,
  resting: <path d="M9.5 8.6A4.6 4.6 0 0 1 4.6 1.4a5 5 0 1 0 4.9 7.2z" fill="currentColor" />,
  warn: <path d="M6 .8 11.6 11H.4z" fill="currentColor" />,
  bad: <path d="m1.5 1.5 9 9m0-9-9 9" stroke="currentColor" stroke-width="2.4" />,
}

/** A state in words behind its shape. */
export function StateMark({ tone, words }: { readonly tone: Tone; readonly words: string }) {
  return (
    <span class="state" data-tone={tone}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {shapes[tone]}
      </svg>
      {words}
    </span>
  )
}
