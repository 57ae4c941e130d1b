import type { LeaseView } from './node-view.ts'

/** Bits of a segment's flags. */
export const segmentFlags = {
  /** A second lease was begun for it, since the first would have come too late. */
  hedged: 1,
  /** A lease on it before was lost or failed, so that it was leased again. */
  leasedAgain: 2,
} as const

/**
 * One segment of pictures: its number, the name of the node that made it, the lease's attempt, when it was announced to
 * the media server (milliseconds since 1970, null while it is not), and {@link segmentFlags}. Where the attempt is another
 * one than that of the segment before, the pictures change hands.
 * After a restart of the head the strip begins where the new one went on.
 */
export type SegmentView = readonly [
  index: number,
  node: string,
  attempt: string,
  publishedAtMs: number | null,
  flags: number,
]

/** A lease that was shortened. */
export interface CutView {
  readonly atMs: number
  readonly part: string
  /** The first segment that is not its any more. */
  readonly segment: number
  /** Its name. */
  readonly node: string
}

/**
 * `starting`: nothing is published yet; `waiting`: for what {@link SessionView.waitsFor} says, or the player waits for it;
 * `throttled`: the media server has enough; `local`: it failed, and the media server's own transcoder went on.
 */
export type SessionState =
  | 'starting'
  | 'running'
  | 'waiting'
  | 'throttled'
  | 'finished'
  | 'killed'
  | 'failed'
  | 'local'

/** A session in one line and a strip. Times are milliseconds since 1970 by the head's clock. */
export interface SessionView {
  /** The one id in the logs of shim, head and nodes. */
  readonly id: string
  /** The film's file name. It comes from the media server: text, never markup. */
  readonly title: string
  readonly dialect: 'plex' | 'jellyfin' | 'paceline'
  /** What the client wants, in a few words, e.g. `HLS, 1280x720 H.264, AAC`. */
  readonly job: string
  readonly mode: 'stream' | 'file'
  readonly state: SessionState
  readonly startedAtMs: number
  readonly endedAtMs: number | null
  /** Seconds of source a second over the last ten; null before anything was made. */
  readonly speed: number | null
  readonly player: PlayerView | null
  readonly timeline: TimelineView
  /** The last {@link shownSegments} of pictures by number, ascending; those that are made and not yet published with them. */
  readonly segments: readonly SegmentView[]
  readonly publishedSegments: number
  readonly hedges: number
  /** The last fifty, oldest first. */
  readonly cuts: readonly CutView[]
  readonly leases: readonly LeaseView[]
  /** What it waits for that somebody can change: each begins with a code of docs/errors.md. */
  readonly waitsFor: readonly string[]
  /** How it ended, where that has a reason. */
  readonly reason: string | null
}

/**
 * Where the player is: it has played on since the first segment but for pauses, of which the head knows what the media
 * server's throttling tells.
 */
export interface PlayerView {
  /** Seconds of the film. */
  readonly positionSeconds: number
  /** Seconds published that it has not played yet; less than nothing while it waits. */
  readonly leadSeconds: number
  /** It seems to stand still, with more than enough to play. */
  readonly isPaused: boolean
  /** When that was; it plays on from there, unless it is paused, until the lead is used up. */
  readonly atMs: number
}

/** Segments of the session, as far as they are known beforehand. */
export interface TimelineView {
  readonly firstSegment: number
  /** One past the last; null when the film's length is not known. */
  readonly endSegment: number | null
  /** Seconds of the film at the beginning of the first segment. */
  readonly startSeconds: number
  /** Nominal length of a segment. */
  readonly segmentSeconds: number
}

/** Segments in a {@link SessionView}; `GET /api/v1/sessions/ID/segments` has all. */
export const shownSegments = 240
