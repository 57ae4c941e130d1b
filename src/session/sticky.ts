import type { SessionAction } from './actions.ts'
import { creditLimit } from './credit.ts'
import type { SessionNode } from './events.ts'
import { grantLease } from './grant.ts'
import { isHeld, type Lease } from './lease.ts'
import { nodeSpeeds } from './pace.ts'
import { firstHole, type Hole, holeAt, type PartState } from './part.ts'
import { secondsAnew, secondsInHand } from './prediction.ts'
import { isTooLate, outlookOf, worthFactor } from './rescue.ts'
import { defaultPolicy } from './spec.ts'
import { cutLease, isRested, punctualNodes, type SessionState, speedsAt, usableNodes } from './state.ts'

/**
 * The sound of a whole file is made long before the last picture, and a seam in it is for good: a disk or a network
 * may take so many seconds longer without another lease.
 */
const filePatienceSeconds = 10

/**
 * Sound is made 25 times as fast as its pictures where that was measured (see sound-share.ts), and never as slowly as this:
 * a process that stands still from its beginning would else be waited for as long as slow pictures are.
 */
const leastSoundAgainstPictures = 5

/**
 * A sticky part (sound) has one lease at a time, as long as possible, so that filters with a memory run through.
 * It goes to the fastest node but the one with the first picture, which is the more urgent. One that was cut, for its
 * node is withdrawn or it would be too late, finishes its last segment while the next one already begins behind it. If
 * that node is lost as well, what it leaves has a lease of its own.
 */
export function grantSticky(state: SessionState, part: PartState, nowMs: number): SessionAction[] {
  const running = [...part.leases.values()].filter((lease) => lease.next < lease.to && !lease.late)
  const rescues = running.flatMap((lease) => rescueSticky(state, part, lease, nowMs))
  const hole = firstHole(part, state.spec, creditLimit(state, part))
  // What lies before all that is being made is nobody's to come: publication waits for it, and the credit with that.
  if (!hole || rescues.length > 0 || running.some((lease) => !lease.cut && lease.from <= hole.from)) {
    return rescues
  }
  const node = chooseNode(state, part, null, nowMs)
  if (node === null) return []
  return [grantLease(state, part, node, longest(state, part, hole), nowMs)]
}

/** Leases all that is missing a second time when it would come too late; the first copy of the segment in hand wins. */
function rescueSticky(state: SessionState, part: PartState, lease: Lease, nowMs: number): SessionAction[] {
  const node = chooseNode(state, part, lease.node, nowMs)
  if (node === null || isHeld(lease) || lease.next >= creditLimit(state, part)) return []
  const speeds = nodeSpeeds(state.nodes.map(atSound), state.paces.get(part)!)
  const speedOf = (id: string) => speeds.get(id) ?? Math.min(leastSoundAgainstPictures, ...speeds.values())
  const own = outlookOf(state, part, speedOf(lease.node), lease.from)
  const ownSeconds = secondsInHand(lease, own, nowMs)
  if (state.spec.mode === 'file' && ownSeconds < filePatienceSeconds) return []
  if (!isTooLate(state, part, lease.next, ownSeconds, nowMs)) return []
  const anew = outlookOf(state, part, speedOf(node), lease.next)
  if (secondsAnew(lease.next, anew) * worthFactor > ownSeconds) return []
  lease.late = true
  const cuts = cutLease(lease, lease.next + 1)
  const range = longest(state, part, holeAt(part, state.spec, lease.next))
  return [...cuts, grantLease(state, part, node, range, nowMs, lease)]
}

/** A node whose sound nobody has seen yet, by how fast it makes pictures. */
function atSound(node: SessionNode): SessionNode {
  return node.speed === undefined ? node : { ...node, speed: node.speed * leastSoundAgainstPictures }
}

/** Where a short lease has found nothing a long one looks: sound that is copied may pause for some segments. */
function longest({ spec }: SessionState, part: PartState, hole: Hole): Hole {
  const { maxStickyLeaseSegments } = part.doubts.has(hole.from) ? defaultPolicy : spec.policy
  const to = Math.max(hole.from + maxStickyLeaseSegments, part.leastEnd ?? 0)
  return { from: hole.from, to: Math.min(hole.to, to) }
}

function chooseNode(state: SessionState, part: PartState, but: string | null, nowMs: number): string | null {
  const speeds = speedsAt(state, state.parts[0]!)
  const first = firstPictureNode(state)
  const nodes = but === null ? usableNodes(state, part, nowMs) : punctualNodes(state, part, nowMs, but)
  const rested = nodes.filter(({ id }) => isRested(state, id, nowMs))
  const others = rested.filter((node) => node.id !== first)
  const candidates = others.length > 0 ? others : rested
  const best = candidates.toSorted((a, b) => speeds.get(b.id)! - speeds.get(a.id)! || (a.id < b.id ? -1 : 1))
  return best[0]?.id ?? null
}

function firstPictureNode(state: SessionState): string | null {
  const leases = [...state.parts[0]!.leases.values()].toSorted((a, b) => a.next - b.next)
  return leases[0]?.node ?? null
}
