import { canWork, type Fleet } from '../fleet.ts'
import type { FirstResponder } from '../responder/first-responder.ts'

export interface StandInOptions {
  readonly fleet: Pick<Fleet, 'nodes'>
  readonly responder: Pick<FirstResponder, 'state' | 'call'>
}

/** Sees to it that somebody is there to begin with the next viewer while everybody sleeps. */
export interface StandIn {
  /** Whether others than this node are there to work. */
  hasOther(id: string): boolean
  /** Whether a node may go: others are there, or the first responder is, or there will never be one. Else that is called. */
  mayGo(id: string): boolean
  /** When {@link mayGo} may have changed, milliseconds from now. */
  readonly lookAgainMs: number
  /** Keeps the first responder there while nobody else is. */
  hold(nowMs: number): void
}

/** Called so often it stays; see FirstResponderOptions. */
const callEveryMs = 60_000

export function createStandIn({ fleet, responder }: StandInOptions): StandIn {
  let calledMs = Number.NEGATIVE_INFINITY
  const hasOther = (id: string) =>
    fleet.nodes().some((node) => node.id !== id && canWork(node) && !node.firstResponder)
  return {
    hasOther,
    lookAgainMs: 500,
    mayGo(id) {
      const state = responder.state()
      if (hasOther(id) || state === 'ready' || state === 'off' || state === 'failed') return true
      responder.call()
      return false
    },
    hold(nowMs) {
      // Its process takes a second to come, which a viewer should not have to wait.
      if (nowMs - calledMs < callEveryMs || hasOther('')) return
      calledMs = nowMs
      responder.call()
    },
  }
}
