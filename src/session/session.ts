import type { SessionAction, Verdict } from './actions.ts'
import { creditLimit, mayTrickle, raisedCredit, throttledCredit } from './credit.ts'
import type { SessionEvent } from './events.ts'
import { type GoingOn, memoryOf, type PartMemory } from './going-on.ts'
import { isHeld } from './lease.ts'
import { endLease } from './lease-end.ts'
import { takeProgress, takeSegment } from './made.ts'
import { isUndivided, type PartState, partEnd } from './part.ts'
import { resume } from './progress.ts'
import { confirm, isReady, leadSeconds } from './publication.ts'
import { cancelNeedless } from './race.ts'
import { grantShared } from './shared.ts'
import type { SessionSpec } from './spec.ts'
import { cancelLease, cutLease, findLease, newState, type SessionState, takeNodes } from './state.ts'
import { grantSticky } from './sticky.ts'
import { releaseWithdrawn } from './withdraw.ts'

/** What may be shown of a session. */
export interface SessionView {
  /** First segment that is not published. */
  readonly nextSegment: number
  /** One past the last segment once it is known, else null. */
  readonly endSegment: number | null
  readonly leadSeconds: number
  /** Seconds of source. */
  readonly publishedSeconds: number
  readonly leases: readonly {
    readonly attempt: string
    readonly part: string
    readonly node: string
    readonly from: number
    readonly to: number
    readonly next: number
  }[]
}

/**
 * A job being carried out: a pure state machine. Every event is answered by what the head shall do, in order;
 * time is what the events say it is. With no nodes it waits and does nothing; whether to fall back is the head's
 * to decide.
 */
export class Session {
  readonly #state: SessionState

  /** Throws RangeError for a spec without parts. `past` for one that another head began, as it is at `nowMs`. */
  constructor(spec: SessionSpec, past?: GoingOn, nowMs?: number) {
    this.#state = newState(spec, past, nowMs)
  }

  /** Takes an event at `nowMs` (any clock that does not go backwards). After the end every answer is empty. */
  handle(event: SessionEvent, nowMs: number): SessionAction[] {
    const state = this.#state
    if (state.over) return []
    if (event.type === 'kill') return close(state)
    const { actions, failure } = take(state, event, nowMs)
    if (failure !== null) return [...actions, ...close(state), { type: 'fail', reason: failure }]
    return [...actions, ...react(state, nowMs)]
  }

  /**
   * Whether a segment that a node offers is wanted. To be asked before its bytes are read and once more, in the
   * same turn as the event, before they are put in the store: the world may have changed in between.
   */
  verdict(attempt: string, segment: number): Verdict {
    const state = this.#state
    if (state.over) return 'gone'
    const found = findLease(state, attempt)
    if (!found) return 'stale'
    const { part, lease } = found
    if (segment < lease.from || segment >= lease.to) return 'stale'
    return part.coverage.has(segment) ? 'duplicate' : 'accept'
  }

  /** What another head needs to know to go on with it. */
  memory(): readonly PartMemory[] {
    return this.#state.parts.map(memoryOf)
  }

  view(nowMs: number): SessionView {
    const { parts, publication } = this.#state
    return {
      nextSegment: publication.next,
      endSegment: partEnd(parts[0]!),
      leadSeconds: leadSeconds(publication, nowMs),
      publishedSeconds: publication.seconds,
      leases: parts.flatMap((part) =>
        [...part.leases.values()].map(({ attempt, node, from, to, next }) => ({
          ...{ attempt, part: part.name, node, from, to, next },
        })),
      ),
    }
  }
}

interface Taken {
  readonly actions: SessionAction[]
  /** Why the session cannot go on. */
  readonly failure: string | null
}

/** Takes in what an event says, before anything new is decided. */
function take(state: SessionState, event: Exclude<SessionEvent, { type: 'kill' }>, nowMs: number): Taken {
  const quiet: Taken = { actions: [], failure: null }
  switch (event.type) {
    case 'nodes-changed':
      takeNodes(state, event.nodes)
      return { actions: releaseWithdrawn(state), failure: null }
    case 'segment-arrived':
      takeSegment(state, event, nowMs)
      return quiet
    case 'lease-progress':
      takeProgress(state, event, nowMs)
      return quiet
    case 'lease-ended': {
      const found = findLease(state, event.attempt)
      if (!found) return quiet
      return { actions: [], failure: endLease(state, found.part, found.lease, event, nowMs) }
    }
    case 'node-lost':
      loseNode(state, event.node)
      return quiet
    case 'published':
      confirm(state.publication, event.segment, state.spec, nowMs)
      return quiet
    case 'throttle':
      return { actions: throttle(state, event.on, nowMs), failure: null }
    case 'tick':
      return quiet
  }
}

/** A throttle lets every encoder finish the segment in hand; the processes stay, to go on at once when it lifts. */
function throttle(state: SessionState, on: boolean, nowMs: number): SessionAction[] {
  if (on === (state.throttledSinceMs !== null)) return []
  state.throttledSinceMs = on ? nowMs : null
  if (!on || state.spec.mode === 'file') return []
  const leases = state.parts.flatMap((part) => [...part.leases.values()])
  return leases.flatMap((lease): SessionAction[] => {
    const until = throttledCredit(lease)
    if (until === null) return []
    lease.until = until
    return [{ type: 'extend', attempt: lease.attempt, until }]
  })
}

function loseNode(state: SessionState, id: string): void {
  state.nodes = state.nodes.filter((node) => node.id !== id)
  for (const part of state.parts) {
    for (const lease of part.leases.values()) {
      if (lease.node === id) part.leases.delete(lease.attempt)
    }
  }
}

/** Decides what follows from the state as it is now. */
function react(state: SessionState, nowMs: number): SessionAction[] {
  const actions = [
    ...state.parts.flatMap((part) => cancelNeedless(state, part, nowMs)),
    ...publishNext(state),
  ]
  const endSegment = partEnd(state.parts[0]!)
  if (endSegment !== null && !state.publication.inFlight && state.publication.next >= endSegment) {
    return [...actions, ...close(state), { type: 'finish', endSegment }]
  }
  if (state.throttledSinceMs !== null && !mayTrickle(state, nowMs)) {
    return [...actions, ...cutHeld(state, nowMs)]
  }
  return [...actions, ...raiseCredits(state, nowMs), ...grantAll(state, nowMs)]
}

function publishNext(state: SessionState): SessionAction[] {
  const { publication, parts, spec } = state
  if (!isReady(publication, parts, spec)) return []
  publication.inFlight = true
  return [{ type: 'publish', segment: publication.next }]
}

/** A throttle that lasts releases the encoders it holds up; their work is leased again when it is over. */
function cutHeld(state: SessionState, nowMs: number): SessionAction[] {
  const throttledSeconds = (nowMs - (state.throttledSinceMs ?? nowMs)) / 1000
  if (throttledSeconds < state.spec.policy.throttleCutSeconds) return []
  return state.parts
    .flatMap((part) => [...part.leases.values()])
    .filter(isHeld)
    .flatMap((lease) => cutLease(lease, lease.next))
}

function raiseCredits(state: SessionState, nowMs: number): SessionAction[] {
  return state.parts.flatMap((part) => {
    const limit = creditLimit(state, part)
    return [...part.leases.values()].flatMap((lease): SessionAction[] => {
      const until = raisedCredit(state.spec, part, lease, limit, state.publication)
      if (until === null) return []
      if (isHeld(lease)) {
        lease.movedMs = nowMs
        resume(lease.progress, nowMs)
      }
      lease.until = until
      return [{ type: 'extend', attempt: lease.attempt, until }]
    })
  })
}

function grantAll(state: SessionState, nowMs: number): SessionAction[] {
  // A viewer waits for the first picture; in a whole-file job the shares depend on who makes the sound.
  const soundFirst = (a: PartState, b: PartState) => Number(b.sticky) - Number(a.sticky)
  const parts = state.spec.mode === 'file' ? state.parts.toSorted(soundFirst) : state.parts
  return parts.flatMap((part) =>
    isUndivided(part) ? grantSticky(state, part, nowMs) : grantShared(state, part, nowMs),
  )
}

function close(state: SessionState): SessionAction[] {
  state.over = true
  return state.parts.flatMap((part) => [...part.leases.values()].map((lease) => cancelLease(part, lease)))
}
