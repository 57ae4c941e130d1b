import { creditLimit } from './credit.ts'
import type { Crew } from './crew.ts'
import type { SessionNode } from './events.ts'
import { isHeld, type Lease } from './lease.ts'
import { lengthsOf, type PartState, plannedEnd } from './part.ts'
import { type Outlook, secondsAnew, secondsInHand } from './prediction.ts'
import { secondsUntilNeeded } from './publication.ts'
import { spanSeconds } from './span.ts'
import type { SessionState } from './state.ts'

/**
 * What lies between a segment's arrival and its use: weaving, writing, announcing, and the player's own request. Tenths
 * of a second each on a busy machine.
 */
const marginSeconds = 1
/**
 * Another node has to have it in two thirds of the time that is predicted for the lease itself. Predictions are wrong
 * by tens of percent, scenes differ, and what is made twice is lost to everything else, as is the start of a process:
 * weak nodes that cut each other's leases to single segments would never gain a lead.
 */
export const worthFactor = 1.5

/** A segment of a running lease that would come too late, and the node that would have it sooner. */
export interface Rescue {
  readonly lease: Lease
  /** The segment in hand, which is then made twice, or one behind it, which only changes hands. */
  readonly segment: number
  readonly helper: string
}

/**
 * The first segment that would come too late for the player and that another node would really have sooner: an idle
 * one, or, in a stream, one that works further ahead. Where only the total time counts everything is too late, and
 * only idle nodes help.
 */
export function findRescue(state: SessionState, part: PartState, crew: Crew, nowMs: number): Rescue | null {
  const found = crew.busy
    .filter((lease) => !lease.late && !isHeld(lease))
    .flatMap((lease) => firstRescue(state, part, crew, lease, nowMs) ?? [])
  return found.toSorted((a, b) => a.segment - b.segment)[0] ?? null
}

function firstRescue(
  state: SessionState,
  part: PartState,
  crew: Crew,
  lease: Lease,
  nowMs: number,
): Rescue | null {
  const helpers = helpersOf(state, part, crew, lease, nowMs)
  const outlook = outlookOf(state, part, crew.speedOf(lease.node), lease.from)
  const end = endOfChoice(state, part, lease)
  if (helpers.length === 0) return null
  for (const { segment, seconds } of arrivals(lease, end, outlook, nowMs)) {
    if (!isTooLate(state, part, segment, seconds, nowMs)) continue
    const soonest = soonestAt(helpers, segment)
    if (soonest && soonest.seconds * worthFactor <= seconds) return { lease, segment, helper: soonest.node }
  }
  return null
}

/**
 * Seconds until each segment from the one in hand on will be there. How long that one is overdue does not count for
 * those behind it: it says nothing of them, and if it comes to that, they go with it to another node.
 */
function* arrivals(lease: Lease, end: number, outlook: Outlook, nowMs: number) {
  const { segmentSeconds, speed } = outlook
  const inHand = secondsInHand(lease, outlook, nowMs)
  let seconds = inHand
  for (let segment = lease.next; segment < end; segment += 1) {
    if (segment === lease.next + 1) seconds = Math.min(inHand, segmentSeconds(lease.next) / speed)
    if (segment > lease.next) seconds += segmentSeconds(segment) / speed
    yield { segment, seconds }
  }
}

/** Where only the total time counts, what lies behind the segment in hand is stolen, not rescued. */
function endOfChoice(state: SessionState, part: PartState, lease: Lease): number {
  if (state.spec.mode === 'file') return lease.next + 1
  return Math.min(lease.to, lease.until, plannedEnd(part, state.spec), creditLimit(state, part))
}

/** Whether a segment that comes in so many seconds comes too late for the player. */
export function isTooLate(
  { spec, publication }: SessionState,
  part: PartState,
  segment: number,
  seconds: number,
  nowMs: number,
): boolean {
  if (spec.mode === 'file') return true
  return seconds > secondsUntilNeeded(publication, part, spec, segment, nowMs) - marginSeconds
}

interface Helper {
  readonly node: string
  /** It can turn back for what comes before this. */
  readonly before: number
  /** Seconds until it would have made a segment. */
  readonly secondsFor: (segment: number) => number
}

/** Idle nodes, and those that work further ahead: they have their segment in hand to finish beside. */
function helpersOf(
  state: SessionState,
  part: PartState,
  crew: Crew,
  lease: Lease,
  nowMs: number,
): readonly Helper[] {
  const others = crew.othersThan(lease.node)
  const idle = others.filter(crew.isFree).map(({ id }): Helper => {
    const outlook = outlookOf(state, part, crew.speedOf(id), lease.next)
    return {
      node: id,
      before: Number.POSITIVE_INFINITY,
      secondsFor: (segment) => secondsAnew(segment, outlook),
    }
  })
  const ahead = leasesAhead(state, crew, lease.next, others).map((other): Helper => {
    const outlook = outlookOf(state, part, crew.speedOf(other.node), other.from)
    const inHand = isHeld(other) ? 0 : secondsInHand(other, outlook, nowMs)
    const secondsFor = (segment: number) => inHand + secondsAnew(segment, outlook)
    return { node: other.node, before: other.next, secondsFor }
  })
  return [...idle, ...ahead]
}

function soonestAt(
  helpers: readonly Helper[],
  segment: number,
): { readonly node: string; readonly seconds: number } | null {
  const able = helpers
    .filter(({ before }) => segment < before)
    .map(({ node, secondsFor }) => ({ node, seconds: secondsFor(segment) }))
  return able.reduce<(typeof able)[number] | null>(
    (best, each) => (best !== null && best.seconds <= each.seconds ? best : each),
    null,
  )
}

/** Leases of a stream with which some of the nodes can turn back for a segment: behind it, and the only work their nodes have. */
export function leasesAhead(
  state: SessionState,
  crew: Crew,
  segment: number,
  nodes: readonly SessionNode[],
): readonly Lease[] {
  if (state.spec.mode === 'file') return []
  const isFree = (lease: Lease) =>
    nodes.some((node) => node.id === lease.node) &&
    crew.busy.every((other) => other === lease || other.node !== lease.node)
  return crew.busy.filter((lease) => !lease.late && lease.next > segment && isFree(lease))
}

/**
 * How fast a lease of a part goes on a node of such a speed. Where leases cannot begin in the middle, starting one costs
 * the way from the session's start to its own place, too: everything before it is decoded.
 */
export function outlookOf({ spec }: SessionState, part: PartState, speed: number, from: number): Outlook {
  const way = part.inOnePiece?.() ? spanSeconds(spec.segmentSeconds, spec.firstSegment, from) : 0
  return {
    segmentSeconds: lengthsOf(part, spec),
    speed,
    startSeconds: spec.policy.startCostSeconds + way / speed,
  }
}
