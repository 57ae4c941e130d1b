import type { LogLine } from './node-detail.ts'
import type { SegmentView, SessionView } from './session-view.ts'

/** `GET /api/v1/sessions/SESSION`, also for a while after its end. */
export interface SessionDetail {
  readonly session: SessionView
  /** The plan in plain words, one sentence each. */
  readonly plan: readonly string[]
  /** As the media server wrote it; secrets in it are replaced by `***`. Null for a job that came by the API. */
  readonly received: readonly string[] | null
  /** What nodes were told to run, newest last: the last twenty leases. */
  readonly ran: readonly RanLease[]
  /** Newest last: the last two hundred. */
  readonly moments: readonly SessionMoment[]
  readonly errors: readonly SessionError[]
  /** What the log says of it, oldest first. */
  readonly log: readonly LogLine[]
  /** Address of an HLS playlist of what is published, for hls.js; null where there is none. */
  readonly preview: string | null
}

export interface RanLease {
  readonly attempt: string
  readonly node: string
  readonly part: string
  readonly from: number
  readonly to: number
  readonly atMs: number
  /** Platform and way, e.g. `nvidia:full`. */
  readonly way: string | null
  /** ffmpeg's arguments, with the head's placeholders for addresses. */
  readonly args: readonly string[]
  /** Why this node. */
  readonly why: string
  /** Null while it runs. */
  readonly outcome: 'clean' | 'stopped' | 'failed' | 'lost' | null
  readonly reason: string | null
}

export interface SessionMoment {
  readonly atMs: number
  readonly kind: 'begun' | 'lease' | 'hedge' | 'cut' | 'lost' | 'failed' | 'throttle' | 'published' | 'ended'
  readonly words: string
  readonly node: string | null
  readonly segment: number | null
}

export interface SessionError {
  readonly atMs: number
  /** Of docs/errors.md. */
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

/** `GET /api/v1/sessions/SESSION/segments`: all of the pictures, ascending. */
export interface AllSegments {
  readonly segments: readonly SegmentView[]
}
