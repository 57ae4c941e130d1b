/** A running lease that might be cut, and how fast its node is. */
export interface Victim {
  /** The segment it works on. */
  readonly next: number
  /** One past the last segment that counts. */
  readonly end: number
  /** Seconds of source a second. */
  readonly speed: number
  /** Seconds until the segment it works on will be there. */
  readonly inHandSeconds: number
}

export interface Cut {
  readonly at: number
  /** How much sooner the victim's work is done, seconds. */
  readonly gainSeconds: number
}

/** Seconds until a lease has made everything up to its end, as far as its pace tells. */
export function predictSeconds(segmentSeconds: (segment: number) => number, victim: Victim): number {
  if (victim.next >= victim.end) return 0
  let seconds = victim.inHandSeconds
  for (let segment = victim.next + 1; segment < victim.end; segment += 1) {
    seconds += segmentSeconds(segment) / victim.speed
  }
  return seconds
}

/**
 * The cut after which victim and thief end together as nearly as whole segments allow, the thief having to start
 * first. The segment in hand stays with the victim. Null when there is nothing to take.
 */
export function balancedCut(
  segmentSeconds: (segment: number) => number,
  victim: Victim,
  thief: { readonly speed: number; readonly startSeconds: number },
): Cut | null {
  const uncut = predictSeconds(segmentSeconds, victim)
  let kept = uncut
  let taken = thief.startSeconds
  let best: Cut | null = null
  for (let at = victim.end - 1; at > victim.next; at -= 1) {
    kept -= segmentSeconds(at) / victim.speed
    taken += segmentSeconds(at) / thief.speed
    const gainSeconds = uncut - Math.max(kept, taken)
    if (best !== null && gainSeconds <= best.gainSeconds) break
    best = { at, gainSeconds }
  }
  return best
}
