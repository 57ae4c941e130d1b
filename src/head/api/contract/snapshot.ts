import type { LocalJobView } from './local-job.ts'
import type { NodeView, Watts } from './node-view.ts'
import type { SessionView } from './session-view.ts'

/** `GET /api/v1/state`: all that the first page shows. Events change it; see events.ts. */
export interface Snapshot {
  readonly head: HeadView
  readonly fleet: FleetLine
  /** By name. */
  readonly nodes: readonly NodeView[]
  /** That run, oldest first. */
  readonly sessions: readonly SessionView[]
  /** That ended, newest last: the last few only. */
  readonly recent: readonly SessionView[]
  /** What else may be asked of the events: they follow the one with this number. */
  readonly sequence: number
}

export interface HeadView {
  /** Random at each start of the head: another one means that all that is known is old. */
  readonly boot: string
  readonly version: string
  readonly startedAtMs: number
  /** The head's clock when this was written: a browser's may be another. */
  readonly nowMs: number
  /** Every job is the media server's own, and written down only. */
  readonly observeOnly: boolean
  /** Why nodes are out of reach, with a code; null when they are not. */
  readonly natsTrouble: string | null
  readonly firstResponder: string
  /** Streams that wait for room on the nodes. */
  readonly waitingForRoom: number
  /** What the media server's own transcoder was left to do since the head began, newest last: the last few. */
  readonly localJobs: readonly LocalJobView[]
}

/** The fleet in one line. Null is what nobody has measured or told (a price). */
export interface FleetLine {
  /** Nodes and what never sleeps, now. `modelled` as soon as any part of it is. */
  readonly watts: Watts | null
  /** Less than if all nodes were on all the time, now. */
  readonly savedWatts: number | null
  readonly month: {
    readonly kwh: number
    readonly savedKwh: number
    readonly source: Watts['source']
    /** In the currency of the configuration. */
    readonly cost: number | null
    readonly savedCost: number | null
    /** ISO 4217, e.g. `EUR`. */
    readonly currency: string | null
  } | null
}
