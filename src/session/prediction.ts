import type { Lease } from './lease.ts'

/** A process that reports without having made anything for longer than two of its reports stands still. */
const standsStillSeconds = 2

/** What a prediction needs to know of the work in hand. */
export interface Outlook {
  /** Seconds of source of a segment, or of a file of the part's own. */
  readonly segmentSeconds: (segment: number) => number
  /** Seconds of source a second. */
  readonly speed: number
  /** What starting one more process costs, seconds. */
  readonly startSeconds: number
}

/**
 * Seconds until the segment in hand will be there: what its node's speed leaves of it, less the time that has passed
 * since. What is overdue is expected to take as long again as it is overdue, since whatever holds it up is unknown:
 * so nothing is given up for a little lateness, and nothing is hoped for long. A process that says itself that it
 * stands still is expected to stand as long again before it makes the rest.
 */
export function secondsInHand(lease: Lease, outlook: Outlook, nowMs: number): number {
  const { madeSeconds, arrivedSeconds, grewMs, heardMs } = lease.progress
  const segment = outlook.segmentSeconds(lease.next)
  const made = Math.min(segment, madeSeconds - arrivedSeconds)
  // All of it made but not arrived: it is on its way, and only the time since the last arrival says something.
  const isUnderway = made > 0 && made < segment
  if (!isUnderway) return secondsLeft(wholeSeconds(lease, outlook, segment), nowMs - lease.movedMs)
  const needed = (segment - made) / outlook.speed
  const stoodSeconds = (heardMs - grewMs) / 1000
  return stoodSeconds > standsStillSeconds ? needed + stoodSeconds : secondsLeft(needed, nowMs - grewMs)
}

/** Seconds until a node that begins with `segment` now, with a process of its own, will have made it. */
export function secondsAnew(segment: number, outlook: Outlook): number {
  return outlook.startSeconds + outlook.segmentSeconds(segment) / outlook.speed
}

function wholeSeconds(lease: Lease, outlook: Outlook, segment: number): number {
  const isFirst = lease.next === lease.from
  return (isFirst ? outlook.startSeconds : 0) + segment / outlook.speed
}

function secondsLeft(neededSeconds: number, elapsedMs: number): number {
  return Math.abs(neededSeconds - elapsedMs / 1000)
}
