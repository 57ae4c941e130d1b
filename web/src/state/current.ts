import { computed, signal } from '@preact/signals'
import type { ServerEvent } from '../../../src/head/api/contract/events.ts'
import { keepLink } from '../api/event-link.ts'
import { nodeColours } from '../strip/node-colour.ts'
import { createFleetState } from './fleet-state.ts'
import { browserTurns, createFrameBatch } from './frame-batch.ts'

/** What this page shows. */
export const fleetState = createFleetState(() => Date.now())

const tick = signal(Date.now())
setInterval(() => {
  tick.value = Date.now()
}, 1_000)

/** The head's clock to the second, for what counts down and what is so long ago. */
export const headNowMs = computed(() => tick.value + fleetState.clockAheadMs.value)

/** When the last event came, by the browser's clock; null before the first. */
export const heardAtMs = signal<number | null>(null)

/** Shows what the head tells from now on, until it is aborted. */
export function followHead(abort: AbortSignal): Promise<void> {
  const add = createFrameBatch<ServerEvent>(browserTurns, (events) => {
    heardAtMs.value = Date.now()
    fleetState.apply(events)
    nodeColours.meet(fleetState.nodes.now().map(({ name }) => name))
  })
  return keepLink(add, abort)
}
