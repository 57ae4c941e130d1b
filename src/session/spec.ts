/** What a session is to make; fixed for its life. */
export interface SessionSpec {
  /** The first one is the reference part (the picture): where it ends, the session ends. */
  readonly parts: readonly SessionPart[]
  readonly firstSegment: number
  /** One past the last segment by the probed duration: an estimate, never the end itself. May change. */
  readonly expectedEndSegment: number
  /** One past the last segment that may be leased yet, where the source is read while the session runs; it rises. */
  readonly knownEndSegment?: () => number
  /** Seconds of source that a segment covers; also asked for segments past the expected end. */
  readonly segmentSeconds: (segment: number) => number
  /**
   * One past the last segment of [from, to) that a node makes in one lease, where its encoder does not go further; all of
   * it unless told.
   */
  readonly reach?: (lease: { part: string; node: string; from: number; to: number; open: boolean }) => number
  /** `stream`: a player follows and look-ahead is bounded. `file`: only the total time counts. */
  readonly mode: 'stream' | 'file'
  /** Random boot identity of the head: attempts are `<prefix>-<counter>` and compared for equality only. */
  readonly attemptPrefix: string
  readonly policy: SessionPolicy
}

export interface SessionPart {
  readonly name: string
  /** Sound: one lease at a time, never split or stolen, leased again only when it is lost. */
  readonly sticky: boolean
  /** Whether leases cannot begin in the middle, as far as is known now: one at a time then, as with sound. */
  readonly inOnePiece?: () => boolean
  /** No lease ends before: it would find nothing there, as if the input had ended. */
  readonly leastEnd?: number
  /** Files of its own, where they are not cut where the session's segments are; numbered from the first segment on. */
  readonly own?: OwnFiles
}

export interface OwnFiles {
  /** One past the last file that goes into a segment, or into one before. Never falls from segment to segment. */
  readonly upTo: (segment: number) => number
  readonly fileSeconds: (file: number) => number
  /** One past the last file by the probed duration. */
  readonly expectedEnd: number
}

export interface SessionPolicy {
  /** How far ahead of the first unpublished segment anything may be made in a stream, seconds of source. */
  readonly lookAheadSeconds: number
  /** Longest lease when several nodes share a stream, seconds of source. */
  readonly maxBlockSeconds: number
  readonly maxLeaseSegments: number
  readonly maxStickyLeaseSegments: number
  /** A lease that reaches the expected end is granted so many segments more, for files longer than probed. */
  readonly overrunSegments: number
  /** A running lease with fewer segments left is not stolen from. */
  readonly stealMinSegments: number
  /** What starting one more process costs, seconds. */
  readonly startCostSeconds: number
  /** How long a node rests after a lease that failed or stopped by itself. */
  readonly restSeconds: number
  /** A lease held back by a throttle longer than this is cut. */
  readonly throttleCutSeconds: number
  /** Seconds of source a second that a throttled session still makes. */
  readonly throttledSpeed: number
  /** Distinct leases that may fail at one segment before the session fails. */
  readonly maxFailures: number
}

/**
 * A process start was measured at 0.3-0.5 s of CPU; 60 s of look-ahead is the design's bound. Plex's own transcoder
 * takes 10 packets a second while throttled, and a film has some 75 in a second (30 pictures, 47 frames of AAC).
 */
export const defaultPolicy: SessionPolicy = {
  lookAheadSeconds: 60,
  maxBlockSeconds: 30,
  maxLeaseSegments: 600,
  maxStickyLeaseSegments: 5000,
  overrunSegments: 30,
  stealMinSegments: 2,
  startCostSeconds: 0.4,
  restSeconds: 0.5,
  throttleCutSeconds: 60,
  throttledSpeed: 10 / 75,
  maxFailures: 3,
}

/** The usual policy with no lease longer than so many segments, sound neither. */
export function shortenedPolicy(mostSegments: number = Number.MAX_SAFE_INTEGER): SessionPolicy {
  const { maxLeaseSegments, maxStickyLeaseSegments } = defaultPolicy
  return {
    ...defaultPolicy,
    maxLeaseSegments: Math.min(maxLeaseSegments, mostSegments),
    maxStickyLeaseSegments: Math.min(maxStickyLeaseSegments, mostSegments),
  }
}
