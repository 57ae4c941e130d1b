import { StateMark } from '../../parts/state-mark.tsx'
import { fleetState, headNowMs } from '../../state/current.ts'
import { sessionAddress } from '../../state/route.ts'
import { sessionStateWords } from '../../words/states.ts'
import { agoText, lengthText } from '../../words/times.ts'
import './recent-sessions.css'

/** What ended, the last first. */
export function RecentSessions() {
  const recent = fleetState.recent.value
  if (recent.length === 0) return null
  return (
    <section class="section" aria-labelledby="recent-heading">
      <h2 id="recent-heading">Ended</h2>
      <ul class="recent card">
        {recent.map(({ id, title, state, startedAtMs, endedAtMs }) => (
          <li key={id}>
            <a href={sessionAddress(id)}>
              <bdi>{title}</bdi>
            </a>
            <StateMark {...sessionStateWords(state)} />
            <span class="quiet small">
              {endedAtMs === null
                ? ''
                : `${lengthText((endedAtMs - startedAtMs) / 1000)}, ${agoText(endedAtMs, headNowMs.value)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
