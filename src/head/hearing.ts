export interface HearingOptions {
  /** Resolves with true when the server answers and everything it passed on before has been heard; see HeadLink. */
  readonly pulse: () => Promise<boolean>
  /** How often the connection has broken; it may be there again before anybody has asked. */
  readonly breaks: () => number
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  readonly everyMs: number
  /**
   * All that was said up to now has been heard. `deafMs` is for how long nothing could be heard since the last call, but
   * for `isAgain`: then the connection was broken, and nodes may still be on their way back.
   */
  readonly onHeard: (since: { readonly deafMs: number; readonly isAgain: boolean }) => void
  readonly onFault: (error: Error) => void
}

/** Tells "this node is silent" from "I can hear nobody". */
export interface Hearing {
  /** Nobody can be heard at this moment: NATS is away, or does not answer. */
  isDeaf(): boolean
  /** For how long it has been so, in milliseconds; 0 when it is not. */
  deafMs(): number
  /** Whether everything that was said since that time has been heard. */
  heardSince(sinceMs: number): boolean
  /** Something could not be sent: nobody is heard before the next answer of the server. */
  isBroken(): void
  close(): void
}

/** An answer that takes no longer is none that has to be waited for: it comes within a millisecond on an idle machine. */
const usualMs = 200

/** Asks the server again and again whether it is there. */
export function startHearing(options: HearingOptions): Hearing {
  const { pulse, breaks, now, everyMs, onHeard, onFault } = options
  /** When the question was asked that has no answer yet. */
  let askedMs: number | null = null
  let brokenSinceMs: number | null = null
  let heardMs = now()
  /** Breaks that have been told. */
  let toldBreaks = breaks()
  let lastDeafMs = Number.NEGATIVE_INFINITY
  let closed = false

  const ask = async (): Promise<void> => {
    const sinceMs = now()
    const breaksBefore = breaks()
    askedMs = sinceMs
    const isThere = await pulse().finally(() => {
      askedMs = null
    })
    if (closed) return
    if (!isThere || breaks() !== breaksBefore) {
      brokenSinceMs ??= sinceMs
      return
    }
    const isAgain = brokenSinceMs !== null || breaksBefore !== toldBreaks
    const deafMs = Math.max(0, now() - sinceMs - usualMs)
    if (isAgain || deafMs > 0) lastDeafMs = now()
    brokenSinceMs = null
    toldBreaks = breaksBefore
    heardMs = now()
    onHeard({ deafMs, isAgain })
  }
  const timer = setInterval(() => {
    if (askedMs === null) ask().catch(onFault)
  }, everyMs)

  const deafSinceMs = (): number | null => {
    if (brokenSinceMs !== null) return brokenSinceMs
    if (breaks() !== toldBreaks) return heardMs
    return askedMs !== null && now() - askedMs > usualMs ? askedMs : null
  }
  return {
    isDeaf: () => deafSinceMs() !== null,
    deafMs() {
      const sinceMs = deafSinceMs()
      // Two looks at a clock are never the same, and the difference is not nothing.
      return sinceMs === null ? 0 : now() - sinceMs
    },
    heardSince: (sinceMs) => deafSinceMs() === null && lastDeafMs < sinceMs,
    isBroken() {
      brokenSinceMs ??= now()
    },
    close() {
      closed = true
      clearInterval(timer)
    },
  }
}
