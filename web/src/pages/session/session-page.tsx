import type { ReadonlySignal } from '@preact/signals'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { SessionDetail } from '../../../../src/head/api/contract/session-detail.ts'
import type { SessionView } from '../../../../src/head/api/contract/session-view.ts'
import { LogLines } from '../../parts/log-lines.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAnswer } from '../../parts/use-answer.ts'
import { fleetState } from '../../state/current.ts'
import { CommandsRun } from './commands-run.tsx'
import { Errors } from './errors.tsx'
import { PlanWords } from './plan-words.tsx'
import { Preview } from './preview.tsx'
import { Segments } from './segments.tsx'
import { SessionHead } from './session-head.tsx'
import { Timeline } from './timeline.tsx'
import './session-page.css'

const askEveryMs = 3_000

/** One session: what is made of what, by whom, why, and what went wrong. */
export function SessionPage({ id }: { readonly id: string }) {
  const detail = useAnswer<SessionDetail>(`sessions/${encodeURIComponent(id)}`, askEveryMs)
  const view = useSessionView(id, detail.value?.session)
  if (view.value === null) {
    return (
      <header>
        <PageTitle title="Session">Session {id}</PageTitle>
        {detail.failure ? <ProblemNote failure={detail.failure} /> : <p class="quiet">Asking the head …</p>}
      </header>
    )
  }
  const session = view as ReadonlySignal<SessionView>
  return (
    <>
      <SessionHead session={session} />
      <ProblemNote failure={detail.failure} />
      {detail.value === null ? null : (
        <>
          <Errors errors={detail.value.errors} />
          <div class="session-page">
            <PlanWords plan={detail.value.plan} />
            <Preview address={detail.value.preview} />
          </div>
          <CommandsRun received={detail.value.received} ran={detail.value.ran} />
          <div class="session-page">
            <Timeline moments={detail.value.moments} />
            <Segments id={id} />
          </div>
          <LogLines lines={detail.value.log} isAsked />
        </>
      )}
    </>
  )
}

/** As events tell it while it runs, and as it was asked for after its end. */
function useSessionView(id: string, asked: SessionView | undefined): ReadonlySignal<SessionView | null> {
  const view = useSignal<SessionView | null>(null)
  const running = fleetState.sessions.of(id)?.value
  const isListed = fleetState.sessions.ids.value.includes(id)
  const next = (isListed ? running : undefined) ?? asked ?? null
  useEffect(() => {
    view.value = next
  }, [next, view])
  return view
}
