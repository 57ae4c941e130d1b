import { useComputed } from '@preact/signals'
import { useGrowing } from '../../parts/use-growing.ts'
import { fleetState } from '../../state/current.ts'
import { StripLegend } from '../../strip/strip-legend.tsx'
import { countText } from '../../words/counts.ts'
import { SessionRow } from './session-row.tsx'

/** What runs, the oldest first, so that rows keep their places. */
export function SessionList() {
  const ids = fleetState.sessions.ids.value
  const shown = useGrowing(ids.length)
  const isKnown = fleetState.head.value !== null
  return (
    <section class="section" aria-labelledby="sessions-heading">
      <header>
        <h2 id="sessions-heading">
          Sessions <span class="quiet">{ids.length > 0 ? ids.length : ''}</span>
        </h2>
        {ids.length > 0 ? <StripLegend /> : null}
      </header>
      {ids.length === 0 && isKnown ? <NobodyWatches /> : null}
      <ul class="session-list">
        {ids.slice(0, shown).map((id) => (
          <SessionRow key={id} id={id} />
        ))}
      </ul>
    </section>
  )
}

function NobodyWatches() {
  const words = useComputed(() => {
    const { ids } = fleetState.nodes
    const states = ids.value.map((id) => fleetState.nodes.of(id)?.value.state)
    const resting = states.filter((state) => state === 'asleep' || state === 'off').length
    return resting === 0 ? '' : ` ${countText(resting, 'node')} asleep.`
  })
  const hasHeard = fleetState.recent.value.length > 0 || (fleetState.head.value?.localJobs.length ?? 0) > 0
  return (
    <div class="empty">
      <p>No one is watching.{words} What somebody plays next appears here.</p>
      {hasHeard ? null : <FirstRun />}
    </div>
  )
}

/** Nothing has been played since the head started: perhaps nobody has told the media server of it. */
function FirstRun() {
  return (
    <p class="small quiet">
      Nothing has been played since the head started. The media server hands its work over once you have run{' '}
      <code>npx paceline install plex</code> on its machine; without one,{' '}
      <code>npx paceline transcode IN OUT</code> puts the nodes to work on a file.
    </p>
  )
}
