import type { ShownLocalJob } from '../local-jobs-text.ts'

/** What `GET /api/v1/state` answers, as far as it is shown on a terminal. */
export interface WatchedState {
  readonly head: {
    readonly version: string
    readonly startedAtMs: number
    readonly nowMs: number
    readonly observeOnly: boolean
    readonly natsTrouble: string | null
    readonly waitingForRoom: number
    readonly localJobs?: readonly ShownLocalJob[]
  }
  readonly fleet: {
    readonly watts: WatchedWatts | null
    readonly savedWatts: number | null
    readonly month: {
      readonly kwh: number
      readonly savedKwh: number
      readonly source: string
      readonly cost: number | null
      readonly savedCost: number | null
      readonly currency: string | null
    } | null
  }
  readonly nodes: readonly WatchedNode[]
  readonly sessions: readonly WatchedSession[]
}

export interface WatchedWatts {
  readonly value: number
  readonly source: string
}

export interface WatchedNode {
  readonly name: string
  readonly state: string
  readonly readyAtMs: number | null
  readonly watts: WatchedWatts | null
  readonly load: number | null
  readonly celsius: number | null
  readonly speed: number | null
  readonly leases: readonly unknown[]
  readonly troubles: readonly string[]
}

export interface WatchedSession {
  readonly id: string
  readonly title: string
  readonly job: string
  readonly state: string
  readonly speed: number | null
  readonly player: { readonly leadSeconds: number } | null
  readonly timeline: { readonly firstSegment: number; readonly endSegment: number | null }
  /** See SegmentView. */
  readonly segments: readonly (readonly [
    index: number,
    node: string,
    attempt: string,
    publishedAtMs: number | null,
    flags: number,
  ])[]
  readonly publishedSegments: number
  readonly hedges: number
  readonly waitsFor: readonly string[]
}
