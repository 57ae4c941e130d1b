import type { SessionError } from '../../../../src/head/api/contract/session-detail.ts'
import { headNowMs } from '../../state/current.ts'
import { momentText } from '../../words/times.ts'

/** What went wrong, with what to do; nothing when nothing did. */
export function Errors({ errors }: { readonly errors: readonly SessionError[] }) {
  if (errors.length === 0) return null
  return (
    <section class="section" aria-labelledby="errors-heading">
      <h2 id="errors-heading">Errors</h2>
      <ul class="section">
        {errors.map(({ atMs, code, message, hint }, place) => (
          <li key={`${atMs} ${place}`} class="problem">
            <p>
              {momentText(atMs, headNowMs.peek())} <code>{code}</code> {message}
            </p>
            {hint === null ? null : <p class="small">{hint}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}
