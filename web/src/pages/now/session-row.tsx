import { useRef } from 'preact/hooks'
import type { SessionView } from '../../../../src/head/api/contract/session-view.ts'
import { NodeChip } from '../../parts/node-chip.tsx'
import { useOnScreen } from '../../parts/on-screen.ts'
import { StateMark } from '../../parts/state-mark.tsx'
import { fleetState, headNowMs } from '../../state/current.ts'
import { sessionAddress } from '../../state/route.ts'
import { SegmentStrip } from '../../strip/segment-strip.tsx'
import { speedText } from '../../words/amounts.ts'
import { placeText } from '../../words/place.ts'
import { sessionStateWords } from '../../words/states.ts'
import { incidentsText, makersOf } from './session-facts.ts'
import './session-row.css'

/** One session: what it is, how fast it goes, and who made what of it. */
export function SessionRow({ id }: { readonly id: string }) {
  const row = useRef<HTMLLIElement>(null)
  const isOnScreen = useOnScreen(row)
  const session = fleetState.sessions.of(id)
  if (!session) return null
  // Nobody sees a row that is scrolled away, so it follows again when it comes back.
  const view = isOnScreen.value ? session.value : session.peek()
  return (
    <li ref={row} class={`session-row${view.waitsFor.length === 0 ? ' even' : ''}`} data-session={id}>
      <SessionHeading view={view} />
      <SegmentStrip session={session} isOnScreen={isOnScreen} headNowMs={headNowMs.peek.bind(headNowMs)} />
      <SessionFacts view={view} />
    </li>
  )
}

function SessionHeading({ view }: { readonly view: SessionView }) {
  const { words, tone } = sessionStateWords(view.state)
  return (
    <div class="heading">
      <div class="what">
        <h3>
          <a href={sessionAddress(view.id)}>
            <bdi>{view.title}</bdi>
          </a>
        </h3>
        <p class="quiet small">{view.job}</p>
      </div>
      <p class="how">
        <span class="speed">{speedText(view.speed)}</span>
        <StateMark tone={tone} words={words} />
      </p>
    </div>
  )
}

function SessionFacts({ view }: { readonly view: SessionView }) {
  return (
    <div class="facts small">
      <ul aria-label="Made by">
        {makersOf(view.segments).map(({ node, count }) => (
          <li key={node}>
            <NodeChip node={node} after={String(count)} />
          </li>
        ))}
      </ul>
      <p class="quiet">{[placeText(view), incidentsText(view)].filter(Boolean).join(' · ')}</p>
      {view.waitsFor.map((reason) => (
        <p key={reason} class="warning">
          {reason}
        </p>
      ))}
    </div>
  )
}
