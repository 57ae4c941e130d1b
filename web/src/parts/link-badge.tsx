import { linkState } from '../api/event-link.ts'

const words = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting' } as const

/** Whether what is shown is what is. */
export function LinkBadge() {
  const state = linkState.value
  return (
    <span class="link-state" data-state={state} role="status">
      <span>{words[state]}</span>
    </span>
  )
}
