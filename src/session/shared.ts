import type { SessionAction } from './actions.ts'
import { blockEnd, blockSeconds, secondsInTime, shareEnd } from './blocks.ts'
import { creditLimit } from './credit.ts'
import { type Crew, crewOf } from './crew.ts'
import type { SessionNode } from './events.ts'
import { grantLease } from './grant.ts'
import type { Lease } from './lease.ts'
import { firstHole, type Hole, holeAt, type PartState, plannedEnd } from './part.ts'
import { secondsInHand } from './prediction.ts'
import { leadSeconds, secondsUntilNeeded } from './publication.ts'
import { findRescue, leasesAhead, outlookOf, type Rescue } from './rescue.ts'
import { timeForPictures } from './sound-share.ts'
import { segmentAfter } from './span.ts'
import type { SessionSpec } from './spec.ts'
import { cutLease, type SessionState } from './state.ts'
import { balancedCut, predictSeconds, type Victim } from './steal.ts'

/**
 * Gives a shared part's work to its nodes until nobody is idle or nothing is left: first holes from the first on,
 * then pieces of running leases. A hole that the group has left behind does not wait for an idle node in a stream.
 */
export function grantShared(state: SessionState, part: PartState, nowMs: number): SessionAction[] {
  const actions: SessionAction[] = []
  for (;;) {
    const step = nextStep(state, part, nowMs)
    if (step.length === 0) return actions
    actions.push(...step)
  }
}

function nextStep(state: SessionState, part: PartState, nowMs: number): SessionAction[] {
  const { spec } = state
  const crew = crewOf(state, part, nowMs)
  const limit = creditLimit(state, part)
  const hole = firstHole(part, spec, limit)
  const node = crew.idle[0]
  if (spec.mode === 'stream') {
    const rescue = findRescue(state, part, crew, nowMs)
    if (rescue && rescue.segment <= (hole?.from ?? Infinity))
      return carryOut(state, part, crew, rescue, nowMs)
  }
  if (hole && node)
    return [grantLease(state, part, node.id, ownPiece(state, part, crew, hole, node, nowMs), nowMs)]
  if (hole && spec.mode === 'stream') return turnBack(state, part, crew, hole, nowMs)
  const stolen = node && !hole ? steal(state, part, crew, node, { limit, nowMs }) : []
  if (stolen.length > 0 || spec.mode === 'stream') return stolen
  const rescue = findRescue(state, part, crew, nowMs)
  return rescue ? carryOut(state, part, crew, rescue, nowMs) : []
}

/**
 * The late lease is cut before what another node takes over, and so early that a lease which turns out to be somewhat slower
 * than predicted need not be cut again; a segment in hand stays with it all the same, and the first copy wins.
 */
function carryOut(
  state: SessionState,
  part: PartState,
  crew: Crew,
  { lease, segment, helper }: Rescue,
  nowMs: number,
): SessionAction[] {
  const node = state.nodes.find(({ id }) => id === helper)
  if (!node) return []
  const isInHand = segment === lease.next
  lease.late = isInHand
  const left = crew.busy.filter((other) => other.node === helper)
  const at = isInHand ? segment : Math.min(segment, lastInTime(state, part, crew, lease, nowMs))
  const cuts = [
    ...cutLease(lease, isInHand ? segment + 1 : at),
    ...left.flatMap((other) => cutLease(other, other.next + 1)),
  ]
  // What is too short for a whole segment counts for nothing until its lease has ended.
  const from = isInHand ? (lease.short ?? segment) : at
  const piece = ownPiece(state, part, crew, holeAt(part, state.spec, from), node, nowMs)
  return [...cuts, grantLease(state, part, helper, piece, nowMs, isInHand ? lease : null)]
}

/** How much of a hole a node takes. */
function ownPiece(
  state: SessionState,
  part: PartState,
  crew: Crew,
  hole: Hole,
  node: SessionNode,
  nowMs: number,
): Hole {
  const { spec } = state
  if (spec.mode === 'file') {
    const sharing = [node, ...[...crew.idle, ...crew.reserved].filter((other) => other !== node)]
    const speeds = sharing.map(({ id }) => crew.speedOf(id) * timeForPictures(state, id))
    return { from: hole.from, to: shareEnd(spec, hole, speeds) }
  }
  if (crew.usable.length <= 1) return { from: hole.from, to: blockEnd(spec, hole, Infinity) }
  const inTime = inTimeSeconds(state, part, crew, node.id, hole.from, nowMs)
  const seconds = Math.min(ownBlockSeconds(state, crew, node.id, nowMs), inTime)
  return { from: hole.from, to: blockEnd(spec, hole, seconds) }
}

/** See secondsInTime. */
function inTimeSeconds(
  { publication, spec }: SessionState,
  part: PartState,
  crew: Crew,
  node: string,
  from: number,
  nowMs: number,
): number {
  return secondsInTime(secondsUntilNeeded(publication, part, spec, from, nowMs), crew.speedOf(node))
}

/** Blocks in proportion to speed take equal time, so that nobody waits for the slowest. */
function ownBlockSeconds(state: SessionState, crew: Crew, node: string, nowMs: number): number {
  const { spec, publication } = state
  const mean = crew.usable.reduce((sum, each) => sum + crew.speedOf(each.id), 0) / crew.usable.length
  const seconds = blockSeconds(spec, {
    leadSeconds: leadSeconds(publication, nowMs),
    publishedSeconds: publication.seconds,
    nodes: crew.usable.length,
  })
  return Math.min((seconds * crew.speedOf(node)) / mean, spec.policy.maxBlockSeconds)
}

/**
 * A hole behind the group (a node died or failed) would hold up a player: the node that is furthest ahead turns
 * back for it at once, and its own lease is cut after the segment in hand.
 */
function turnBack(
  state: SessionState,
  part: PartState,
  crew: Crew,
  hole: Hole,
  nowMs: number,
): SessionAction[] {
  const ahead = leasesAhead(state, crew, hole.from, crew.usable)
  const furthest = ahead.toSorted((a, b) => b.next - a.next)[0]
  const node = crew.usable.find((usable) => usable.id === furthest?.node)
  if (!furthest || !node) return []
  const piece = ownPiece(state, part, crew, hole, node, nowMs)
  return [...cutLease(furthest, furthest.next + 1), grantLease(state, part, node.id, piece, nowMs)]
}

/** Cuts the lease that is predicted to take longest, when that pays, and gives the rest to an idle node. */
function steal(
  state: SessionState,
  part: PartState,
  crew: Crew,
  thief: SessionNode,
  now: { readonly limit: number; readonly nowMs: number },
): SessionAction[] {
  const { policy, segmentSeconds } = state.spec
  const end = plannedEnd(part, state.spec)
  const victims = crew.busy
    .filter((lease) => !lease.late && Math.min(lease.to, end) - lease.next >= policy.stealMinSegments)
    .map((lease) => ({ lease, victim: asVictim(state, part, crew, lease, now.nowMs) }))
    .map((entry) => ({ ...entry, seconds: predictSeconds(segmentSeconds, entry.victim) }))
  const longest = victims.toSorted((a, b) => b.seconds - a.seconds)[0]
  if (!longest) return []
  const { lease, victim } = longest
  const window = stealWindow(state, crew, victim, now.nowMs)
  const cut = balancedCut(
    segmentSeconds,
    { ...victim, end: window },
    { speed: crew.speedOf(thief.id), startSeconds: policy.startCostSeconds },
  )
  if (!cut || cut.gainSeconds <= leastGainSeconds(state.spec) || cut.at >= now.limit) return []
  const at = Math.min(cut.at, lastInTime(state, part, crew, lease, now.nowMs))
  const piece = { from: at, to: Math.min(window, at + policy.maxLeaseSegments) }
  return [...cutLease(lease, at), grantLease(state, part, thief.id, piece, now.nowMs)]
}

/** Where a victim's piece has to end for its last segment to be there in time; it keeps the one in hand and one more. */
function lastInTime(state: SessionState, part: PartState, crew: Crew, lease: Lease, nowMs: number): number {
  if (state.spec.mode === 'file') return lease.to
  const seconds = inTimeSeconds(state, part, crew, lease.node, lease.next, nowMs)
  return segmentAfter(state.spec.segmentSeconds, lease.next, seconds, { atLeast: 2, stop: lease.to })
}

/** Where only the total time counts, a start that is made up for is worth it; a stream's nodes have other work. */
function leastGainSeconds({ mode, policy }: SessionSpec): number {
  return mode === 'file' ? policy.startCostSeconds / 4 : policy.startCostSeconds
}

function asVictim(state: SessionState, part: PartState, crew: Crew, lease: Lease, nowMs: number): Victim {
  const speed = crew.speedOf(lease.node)
  return {
    next: lease.next,
    end: Math.min(lease.to, plannedEnd(part, state.spec)),
    speed,
    inHandSeconds: secondsInHand(lease, outlookOf(state, part, speed, lease.from), nowMs),
  }
}

/**
 * Up to where a victim's work is shared. In a stream a lease much longer than a block was granted to a node that
 * was alone: two blocks of it are shared now, and the rest becomes a hole for whoever is idle next.
 */
function stealWindow(state: SessionState, crew: Crew, victim: Victim, nowMs: number): number {
  const { spec } = state
  if (spec.mode === 'file') return victim.end
  const seconds = blockSeconds(spec, {
    leadSeconds: leadSeconds(state.publication, nowMs),
    publishedSeconds: state.publication.seconds,
    nodes: crew.usable.length,
  })
  const { stealMinSegments } = spec.policy
  const stop = victim.end
  const blocks = (count: number, atLeast: number) =>
    segmentAfter(spec.segmentSeconds, victim.next, count * seconds, { atLeast, stop })
  const isLong = blocks(3, 2 * stealMinSegments) < stop
  return isLong ? blocks(2, stealMinSegments) : stop
}
