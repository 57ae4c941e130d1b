/** What a session wants the head to do, in this order. */
export type SessionAction = GrantAction | CutAction | ExtendAction | CancelAction | OutcomeAction

export interface GrantAction {
  readonly type: 'grant'
  readonly attempt: string
  readonly node: string
  readonly part: string
  readonly from: number
  /** One past the last segment; always definite, so that the process ends by itself. */
  readonly to: number
  /** Nothing >= until may be taken from the encoder yet; equals `to` in a whole-file job. */
  readonly until: number
  /** `to` lies past the expected end: the lease is meant to end where the input does. */
  readonly open: boolean
  /** Leases that failed at its first segment before. */
  readonly failures: number
  /** The attempt that would be too late with the same first segment; the first whole copy wins. */
  readonly doubles: string | null
}

/** Segments >= at are no longer wanted of this attempt. May be repeated with a lower `at`. */
export interface CutAction {
  readonly type: 'cut'
  readonly attempt: string
  readonly at: number
}

/** The credit is now so much: more, or, where the server throttles, less. */
export interface ExtendAction {
  readonly type: 'extend'
  readonly attempt: string
  readonly until: number
}

export interface CancelAction {
  readonly type: 'cancel'
  readonly attempt: string
}

export type OutcomeAction =
  /** Put this segment in place and announce it, then send `published`. One at a time, in order. */
  | { readonly type: 'publish'; readonly segment: number }
  /** Everything is published; `endSegment` is one past the last. */
  | { readonly type: 'finish'; readonly endSegment: number }
  | { readonly type: 'fail'; readonly reason: string }

/** What an arriving segment is told before its bytes are stored: 201, 200 (first copy won), 409, 410. */
export type Verdict = 'accept' | 'duplicate' | 'stale' | 'gone'
