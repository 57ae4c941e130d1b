import { fleetState, headNowMs } from '../../state/current.ts'
import { agoText } from '../../words/times.ts'
import './local-jobs.css'

/** Why a film is on no node: what the media server's own transcoder was left to do, the last first. */
export function LocalJobs() {
  const jobs = fleetState.head.value?.localJobs ?? []
  if (jobs.length === 0) return null
  return (
    <section class="section" aria-labelledby="local-heading">
      <h2 id="local-heading">Left to the media server</h2>
      <ul class="local card">
        {jobs.toReversed().map(({ id, title, code, reason, times, atMs }) => (
          <li key={id}>
            <bdi class="film">{title}</bdi>
            <span class="quiet small when">
              {times > 1 ? `${times} times, ` : ''}
              {agoText(atMs, headNowMs.value)}
            </span>
            <span class="quiet small why">
              <code>{code}</code> {reason}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
