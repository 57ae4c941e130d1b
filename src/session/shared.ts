import type { SessionAction } from './actions.ts'
import { blockEnd, blockSeconds, shareEnd } from './blocks.ts'
import { creditLimit } from './credit.ts'
import { type Crew, crewOf } from './crew.ts'
import type { SessionNode } from './events.ts'
import { grantLease } from './grant.ts'
import type { Lease } from './lease.ts'
import { firstHole, type Hole, type PartState, plannedEnd } from './part.ts'
import { leadSeconds } from './publication.ts'
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
  if (hole && node) return [grantLease(state, part, node.id, ownPiece(state, crew, hole, node, nowMs), nowMs)]
  if (hole) return turnBack(state, part, crew, hole, nowMs)
  return node ? steal(state, part, crew, node, { limit, nowMs }) : []
}

/** How much of a hole a node takes. */
function ownPiece(state: SessionState, crew: Crew, hole: Hole, node: SessionNode, nowMs: number): Hole {
  const { spec } = state
  if (spec.mode === 'file') {
    const sharing = [...crew.idle, ...crew.reserved]
    const speeds = sharing.map(({ id }) => crew.speedOf(id) * timeForPictures(state, id))
    return { from: hole.from, to: shareEnd(spec, hole, speeds) }
  }
  const seconds = crew.usable.length > 1 ? ownBlockSeconds(state, crew, node.id, nowMs) : Infinity
  return { from: hole.from, to: blockEnd(spec, hole, seconds) }
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
  if (state.spec.mode === 'file') return []
  const isFree = (lease: Lease) =>
    crew.usable.some((node) => node.id === lease.node) &&
    crew.busy.every((other) => other === lease || other.node !== lease.node)
  const ahead = crew.busy.filter((lease) => !lease.late && lease.next > hole.from && isFree(lease))
  const furthest = ahead.toSorted((a, b) => b.next - a.next)[0]
  const node = crew.usable.find((usable) => usable.id === furthest?.node)
  if (!furthest || !node) return []
  const piece = ownPiece(state, crew, hole, node, nowMs)
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
    .map((lease) => ({ lease, victim: asVictim(lease, crew, end, now.nowMs) }))
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
  const piece = { from: cut.at, to: Math.min(window, cut.at + policy.maxLeaseSegments) }
  return [...cutLease(lease, cut.at), grantLease(state, part, thief.id, piece, now.nowMs)]
}

/** Where only the total time counts, a start that is made up for is worth it; a stream's nodes have other work. */
function leastGainSeconds({ mode, policy }: SessionSpec): number {
  return mode === 'file' ? policy.startCostSeconds / 4 : policy.startCostSeconds
}

function asVictim(lease: Lease, crew: Crew, end: number, nowMs: number): Victim {
  return {
    next: lease.next,
    end: Math.min(lease.to, end),
    speed: crew.speedOf(lease.node),
    elapsedSeconds: (nowMs - lease.movedMs) / 1000,
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
