import type { ReadonlySignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { SessionView } from '../../../../src/head/api/contract/session-view.ts'
import { NodeChip } from '../../parts/node-chip.tsx'
import { useOnScreen } from '../../parts/on-screen.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { headNowMs } from '../../state/current.ts'
import { SegmentStrip } from '../../strip/segment-strip.tsx'
import { StripLegend } from '../../strip/strip-legend.tsx'
import { speedText } from '../../words/amounts.ts'
import { placeText } from '../../words/place.ts'
import { sessionStateWords } from '../../words/states.ts'
import { incidentsText, makersOf } from '../now/session-facts.ts'

/** A session's title, state and strip. */
export function SessionHead({ session }: { readonly session: ReadonlySignal<SessionView> }) {
  const head = useRef<HTMLElement>(null)
  const isOnScreen = useOnScreen(head)
  const view = session.value
  const { words, tone } = sessionStateWords(view.state)
  return (
    <header ref={head} class="session-head">
      <PageTitle title={view.title}>
        <bdi>{view.title}</bdi>
      </PageTitle>
      <p class="quiet">{view.job}</p>
      <p class="line">
        <StateMark tone={tone} words={words} />
        {view.speed === null ? null : <span>{speedText(view.speed)}</span>}
        <span>{placeText(view)}</span>
        <span>{incidentsText(view)}</span>
        <span class="quiet small">
          session <code>{view.id}</code>
        </span>
      </p>
      {view.reason === null ? null : <p class="warning">{view.reason}</p>}
      {view.waitsFor.map((reason) => (
        <p key={reason} class="warning">
          {reason}
        </p>
      ))}
      <SegmentStrip session={session} isOnScreen={isOnScreen} headNowMs={headNowMs.peek.bind(headNowMs)} />
      <ul class="makers" aria-label="Made by">
        {makersOf(view.segments).map(({ node, count }) => (
          <li key={node}>
            <NodeChip node={node} after={String(count)} />
          </li>
        ))}
      </ul>
      <StripLegend />
    </header>
  )
}
