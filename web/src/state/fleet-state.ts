import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { Changed, ServerEvent } from '../../../src/head/api/contract/events.ts'
import type { NodeView } from '../../../src/head/api/contract/node-view.ts'
import type { SegmentView, SessionView } from '../../../src/head/api/contract/session-view.ts'
import type { FleetLine, HeadView, Snapshot } from '../../../src/head/api/contract/snapshot.ts'
import { createKeyed, type Keyed } from './keyed.ts'
import { mergeSegments } from './merge-segments.ts'

/** All that the head has told, kept up to date by its events. */
export interface FleetState {
  /** Null until the first snapshot. */
  readonly head: ReadonlySignal<HeadView | null>
  readonly fleet: ReadonlySignal<FleetLine | null>
  readonly nodes: Keyed<NodeView>
  readonly sessions: Keyed<SessionView>
  /** That ended, newest first. */
  readonly recent: ReadonlySignal<readonly SessionView[]>
  /** The head's clock over the browser's, ms. */
  readonly clockAheadMs: ReadonlySignal<number>
  /** Everything at once: who looks is told once, after the last. */
  apply(events: readonly ServerEvent[]): void
}

/** So many that ended are shown, if the head tells of so many. */
const mostRecent = 20

/** @param nowMs the browser's clock, since 1970 */
export function createFleetState(nowMs: () => number): FleetState {
  const head = signal<HeadView | null>(null)
  const fleet = signal<FleetLine | null>(null)
  const nodes = createKeyed<NodeView>()
  const sessions = createKeyed<SessionView>()
  const recent = signal<readonly SessionView[]>([])
  const clockAheadMs = signal(0)
  const takeSnapshot = (state: Snapshot) => {
    head.value = state.head
    clockAheadMs.value = state.head.nowMs - nowMs()
    fleet.value = state.fleet
    nodes.replaceAll(state.nodes)
    sessions.replaceAll(state.sessions)
    recent.value = state.recent.toReversed().slice(0, mostRecent)
  }
  const takeEnded = (ended: readonly SessionView[]) => {
    if (ended.length === 0) return
    const ids = new Set(ended.map(({ id }) => id))
    sessions.remove([...ids])
    const others = recent.value.filter(({ id }) => !ids.has(id))
    recent.value = [...ended.toReversed(), ...others].slice(0, mostRecent)
  }
  const takeSegments = (id: string, segments: readonly SegmentView[]) => {
    const session = sessions.of(id)?.peek()
    if (session) sessions.put({ ...session, segments: mergeSegments(session.segments, segments) })
  }
  const take = (event: ServerEvent) => {
    if (event.type === 'hello') clockAheadMs.value = event.nowMs - nowMs()
    else if (event.type === 'snapshot') takeSnapshot(event.state)
    else if (event.type === 'head') head.value = event.head
    else if (event.type === 'fleet') fleet.value = event.fleet
    else if (event.type === 'nodes') {
      putChanged(nodes, event.changed)
      nodes.remove(event.gone)
    } else if (event.type === 'sessions') {
      putChanged(sessions, event.changed)
      takeEnded(event.ended)
    } else if (event.type === 'segments')
      for (const { id, segments } of event.sessions) takeSegments(id, segments)
  }
  return {
    ...{ head, fleet, nodes, sessions, recent, clockAheadMs },
    apply: (events) =>
      batch(() => {
        for (const event of events) take(event)
      }),
  }
}

/** The head tells all of a thing before it tells what has changed of it. */
function putChanged<T extends { readonly id: string }>(
  things: Keyed<T>,
  changed: readonly Changed<T>[],
): void {
  for (const change of changed) things.put({ ...things.of(change.id)?.peek(), ...change } as T)
}
