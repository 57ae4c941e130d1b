import { isDeepStrictEqual } from 'node:util'
import type { ServerEvent } from '../contract/events.ts'
import type { NodeView } from '../contract/node-view.ts'
import type { SessionView } from '../contract/session-view.ts'
import type { FleetLine, HeadView, Snapshot } from '../contract/snapshot.ts'
import type { FleetView } from '../view/fleet-view.ts'
import { changedFields, quietened } from './changed-fields.ts'

/** Tells what has changed since it was asked last. */
export interface StateDiff {
  /** Something is different in a session, in that segment of it where one is named. */
  touch(session: string, segment?: number): void
  /** What touched sessions have become. */
  sessions(): ServerEvent[]
  /** What nodes, head and fleet have become. */
  others(fleet: FleetLine): ServerEvent[]
  /** One of so many parts of all sessions is looked at with the next question, in turn: their speed changes by itself. */
  touchPart(parts: number): void
  /** From now on compares with this. */
  begin(snapshot: Snapshot): void
}

export function createStateDiff(view: FleetView): StateDiff {
  const nodes = new Map<string, NodeView>()
  const sessions = new Map<string, SessionView>()
  const touched = new Map<string, Set<number>>()
  let part = 0
  let head: HeadView | null = null
  let fleet: FleetLine | null = null

  const touch = (session: string, segment?: number): void => {
    const segments = touched.get(session) ?? new Set<number>()
    touched.set(session, segment === undefined ? segments : segments.add(segment))
  }
  const sessionEvents = (): ServerEvent[] => {
    const changed = []
    const ended: SessionView[] = []
    const made = []
    for (const [id, numbers] of touched) {
      const before = sessions.get(id)
      const after = view.session(id, before === undefined)
      if (!after) {
        sessions.delete(id)
        continue
      }
      if (after.endedAtMs !== null) {
        sessions.delete(id)
        ended.push(after)
        continue
      }
      const quiet = quietened(before, after)
      const fields = changedFields(before, quiet)
      sessions.set(id, quiet)
      if (fields) changed.push(fields)
      if (before && numbers.size > 0) made.push({ id, segments: view.segments(id, numbers) })
    }
    touched.clear()
    return [
      ...(changed.length + ended.length > 0 ? [{ type: 'sessions' as const, changed, ended }] : []),
      ...(made.length > 0 ? [{ type: 'segments' as const, sessions: made }] : []),
    ]
  }
  const nodeEvents = (): ServerEvent[] => {
    const now = view.nodes()
    const ids = new Set(now.map(({ id }) => id))
    const changed = now.flatMap((node) => changedFields(nodes.get(node.id), node) ?? [])
    const gone = [...nodes.keys()].filter((id) => !ids.has(id))
    for (const id of gone) nodes.delete(id)
    for (const node of now) nodes.set(node.id, node)
    return changed.length + gone.length > 0 ? [{ type: 'nodes', changed, gone }] : []
  }
  return {
    touch,
    touchPart(parts) {
      part = (part + 1) % parts
      for (const [index, id] of view.running().entries()) if (index % parts === part) touch(id)
    },
    sessions: sessionEvents,
    others(line) {
      const events = nodeEvents()
      const newHead = view.head()
      if (head === null || !isDeepStrictEqual({ ...newHead, nowMs: 0 }, { ...head, nowMs: 0 }))
        events.push({ type: 'head', head: newHead })
      head = newHead
      if (!isDeepStrictEqual(line, fleet)) events.push({ type: 'fleet', fleet: line })
      fleet = line
      return events
    },
    begin(snapshot) {
      nodes.clear()
      sessions.clear()
      touched.clear()
      for (const node of snapshot.nodes) nodes.set(node.id, node)
      for (const session of snapshot.sessions) sessions.set(session.id, session)
      head = snapshot.head
      fleet = snapshot.fleet
    },
  }
}
