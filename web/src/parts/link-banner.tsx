import { linkState } from '../api/event-link.ts'
import { heardAtMs } from '../state/current.ts'
import { momentText } from '../words/times.ts'

/** Says so when the connection is lost; goes by itself when it is back. */
export function LinkBanner() {
  if (linkState.value !== 'lost') return null
  const heard = heardAtMs.value
  return (
    <p class="banner" role="alert">
      <strong>The connection to the head is lost.</strong>
      {heard === null ? null : <span>What you see is from {momentText(heard, Date.now())}.</span>}
      <span>Trying again …</span>
    </p>
  )
}
