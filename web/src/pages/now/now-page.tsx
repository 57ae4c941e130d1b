import { useComputed } from '@preact/signals'
import { PageTitle } from '../../parts/page-title.tsx'
import { fleetState } from '../../state/current.ts'
import { nodesSentence, sessionsSentence } from '../../words/summary.ts'
import { FleetFigures } from './fleet-figures.tsx'
import { HeadNotes } from './head-notes.tsx'
import { LocalJobs } from './local-jobs.tsx'
import { NodeGrid } from './node-grid.tsx'
import { RecentSessions } from './recent-sessions.tsx'
import { SessionList } from './session-list.tsx'
import './now-page.css'

/** Who watches, who works, and what it saves. */
export function NowPage() {
  return (
    <>
      <header class="now-head">
        <PageTitle title="Now">
          <Summary />
        </PageTitle>
        <FleetFigures />
      </header>
      <HeadNotes />
      <div class="now">
        <div class="section">
          <SessionList />
          <RecentSessions />
          <LocalJobs />
        </div>
        <NodeGrid />
      </div>
    </>
  )
}

/** Recounted with every event, but drawn only when the words change. */
function Summary() {
  const words = useComputed(() => {
    const { sessions, nodes } = fleetState
    const all = <T extends { readonly id: string }>(things: {
      readonly ids: { readonly value: readonly string[] }
      of(id: string): { readonly value: T } | undefined
    }) => things.ids.value.flatMap((id) => things.of(id)?.value ?? [])
    return `${sessionsSentence(all(sessions))} ${nodesSentence(all(nodes))}`
  })
  return <>{words}</>
}
