/** A node that the session may use now. */
export interface SessionNode {
  readonly id: string
  /** Seconds of source a second on this kind of work, where it has been measured. */
  readonly speed?: number
  readonly cores: number
  /** What this session gets of it while all who share it are busy: above 0, at most 1; all of it unless told. */
  readonly share?: number
  /** Parts that it has failed at in other sessions: it makes them only when there is no other. */
  readonly untrustedFor?: readonly string[]
}

/** What the head tells a session. Everything but `tick` is a fact; `tick` only lets time pass. */
export type SessionEvent =
  /** The whole list. A node that is missing is withdrawn, not dead: its leases are cut after the segment in hand. */
  | { readonly type: 'nodes-changed'; readonly nodes: readonly SessionNode[] }
  /**
   * The bytes of a segment are stored. `short`: fewer frames than the timeline's, so it counts as whole only when
   * its lease then ends cleanly right behind it.
   */
  | {
      readonly type: 'segment-arrived'
      readonly attempt: string
      readonly segment: number
      readonly short?: boolean
    }
  /** What a lease's process has made by its node's account, in seconds of source since the lease's first segment. */
  | { readonly type: 'lease-progress'; readonly attempt: string; readonly madeSeconds: number }
  /** As the agent reports it (EndedReport), after the arrival of everything that the lease delivered. */
  | {
      readonly type: 'lease-ended'
      readonly attempt: string
      readonly outcome: 'clean' | 'stopped' | 'failed'
      /** One past the last segment that was delivered whole. */
      readonly next: number
      /** For people: what the node said. */
      readonly reason?: string
      /** It failed in one of several ways, and somebody has another one for what is missing: nobody is given up yet. */
      readonly hasOtherWay?: boolean
    }
  /** The node is dead or unreachable: nothing it still makes is wanted. */
  | { readonly type: 'node-lost'; readonly node: string }
  /** The publisher has done what the last publish action asked for. */
  | { readonly type: 'published'; readonly segment: number }
  | { readonly type: 'throttle'; readonly on: boolean }
  | { readonly type: 'kill' }
  | { readonly type: 'tick' }
