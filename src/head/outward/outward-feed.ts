import type { Outlet, OutwardEvent, OutwardState } from '../../outward/outward-event.ts'
import type { SessionView } from '../api/contract/session-view.ts'
import type { Snapshot } from '../api/contract/snapshot.ts'

/** What has happened between two looks at the head's state, in the words that others are told. */
export function outwardEvents(before: Snapshot | null, after: Snapshot): OutwardEvent[] {
  // What there is when the head begins has not happened now.
  if (before === null) return []
  const atMs = after.head.nowMs
  const states = new Map(before.nodes.map(({ id, state }) => [id, state]))
  const turned = after.nodes
    .filter(({ id, state }) => states.get(id) !== state)
    .map(({ id, name, state }): OutwardEvent => {
      return { type: 'node-state', atMs, node: { id, name }, state, before: states.get(id) ?? null }
    })
  const known = new Set([...before.sessions, ...before.recent].map(({ id }) => id))
  const over = new Set(before.recent.map(({ id }) => id))
  const seen = [...after.sessions, ...after.recent]
  return [
    ...turned,
    ...seen.filter(({ id }) => !known.has(id)).map(began),
    ...after.recent.filter(({ id }) => !over.has(id)).map((session) => ended(session, atMs)),
  ]
}

function began({ id, title, job, startedAtMs }: SessionView): OutwardEvent {
  return { type: 'session-began', atMs: startedAtMs, session: id, title, job }
}

function ended({ id, title, state, reason, endedAtMs }: SessionView, atMs: number): OutwardEvent {
  return { type: 'session-ended', atMs: endedAtMs ?? atMs, session: id, title, how: state, reason }
}

export function outwardState({ fleet, nodes, sessions }: Snapshot): OutwardState {
  return {
    fleet: {
      ...{ watts: fleet.watts?.value ?? null, savedWatts: fleet.savedWatts },
      ...{ monthKwh: rounded(fleet.month?.kwh), monthSavedKwh: rounded(fleet.month?.savedKwh) },
      sessions: sessions.length,
    },
    nodes: nodes.map(({ id, name, state, watts, celsius, load }) => ({
      ...{ id, name, state, watts: watts?.value ?? null, celsius, load },
    })),
  }
}

/** A watt-hour is as much as anybody reads, and every further digit would be another message. */
function rounded(kwh: number | undefined): number | null {
  return kwh === undefined ? null : Math.round(kwh * 1000) / 1000
}

/** Nobody's house needs to know sooner. */
const everyMs = 2_000

/** Tells an outlet what the head's state does, until it is closed. */
export function feedOutlet(
  snapshot: () => Snapshot,
  outlet: Outlet,
  lookEveryMs: number = everyMs,
): () => Promise<void> {
  let before: Snapshot | null = null
  const look = (): void => {
    const after = snapshot()
    for (const event of outwardEvents(before, after)) outlet.tell(event)
    outlet.show(outwardState(after))
    before = after
  }
  look()
  const looks = setInterval(look, lookEveryMs)
  looks.unref()
  return async () => {
    clearInterval(looks)
    await outlet.close()
  }
}
