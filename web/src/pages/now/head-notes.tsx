import { fleetState } from '../../state/current.ts'
import { countText } from '../../words/counts.ts'

/** What the head wants people to know: nothing on most days. */
export function HeadNotes() {
  const head = fleetState.head.value
  if (head === null) return null
  const { natsTrouble, observeOnly, waitingForRoom } = head
  const notes = [
    natsTrouble,
    observeOnly ? 'Every job is only observed: the media server does all the work itself.' : null,
    waitingForRoom > 0
      ? `${countText(waitingForRoom, 'stream waits', 'streams wait')} for room on the nodes.`
      : null,
  ].filter((note) => note !== null)
  return notes.length === 0 ? null : (
    <ul class="section" aria-label="Notes">
      {notes.map((note) => (
        <li key={note} class="warning">
          {note}
        </li>
      ))}
    </ul>
  )
}
