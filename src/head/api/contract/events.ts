import type { NodeView } from './node-view.ts'
import type { SegmentView, SessionView } from './session-view.ts'
import type { FleetLine, HeadView, Snapshot } from './snapshot.ts'

/**
 * `GET /api/v1/events`, server-sent events. The name of each is its `type`, its data the JSON of the rest with it, its id
 * `BOOT-SEQUENCE`. The first is always `hello`. Whoever comes with `Last-Event-ID` (browsers do so by themselves) gets
 * what he has missed, where the head still has it; else a `snapshot` follows, which replaces all that he knew. A reader
 * that is too slow gets a `snapshot` as well, in the place of what it has not read. A comment comes every ten seconds
 * when there is nothing else; after 25 s of silence the connection is dead.
 *
 * Changes are gathered for a tenth of a second, so that there are at most ten events of a type in a second, each with
 * all nodes or sessions that changed.
 */
export type ServerEvent =
  | HelloEvent
  | SnapshotEvent
  | HeadEvent
  | FleetEvent
  | NodesEvent
  | SessionsEvent
  | SegmentsEvent

export interface HelloEvent {
  readonly type: 'hello'
  /** See HeadView. */
  readonly boot: string
  readonly sequence: number
  readonly nowMs: number
  readonly version: string
  /** What was missed follows; else a snapshot does. */
  readonly isResumed: boolean
}

export interface SnapshotEvent {
  readonly type: 'snapshot'
  readonly state: Snapshot
}

export interface HeadEvent {
  readonly type: 'head'
  readonly head: HeadView
}

export interface FleetEvent {
  readonly type: 'fleet'
  readonly fleet: FleetLine
}

/** The fields of one thing that changed; of a new one, all. */
export type Changed<T extends { readonly id: string }> = Pick<T, 'id'> & Partial<T>

export interface NodesEvent {
  readonly type: 'nodes'
  readonly changed: readonly Changed<NodeView>[]
  /** Ids of those that were removed. */
  readonly gone: readonly string[]
}

/** Without segments, which have an event of their own, but for new ones. */
export interface SessionsEvent {
  readonly type: 'sessions'
  readonly changed: readonly Changed<SessionView>[]
  /** They move to {@link Snapshot.recent}: each as it ended. */
  readonly ended: readonly SessionView[]
}

/** Segments that were made or published: each replaces the one with its number, or is added. */
export interface SegmentsEvent {
  readonly type: 'segments'
  readonly sessions: readonly { readonly id: string; readonly segments: readonly SegmentView[] }[]
}
