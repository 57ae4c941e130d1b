import type { Viewing } from './viewing.ts'

/** A session as the simulated head sees it, whatever grain it is carried out in. */
export interface StagedSession {
  readonly viewing: Viewing
  readonly beganMs: number
  /** Nodes that it may use now. */
  readonly nodeIds: readonly string[]
  /** `shares`: see sharesOf. */
  setNodes(nodes: readonly string[], shares: ReadonlyMap<string, number>): void
  /** Nothing more comes from this node. */
  nodeLost(node: string): void
  /** As far as the head knows. */
  leadSeconds(): number
  /** Its player has been paused for a while. */
  isResting(): boolean
  readonly watch: WatchFacts
}

/** What became of a viewer. */
export interface WatchFacts {
  /** From the request to the first segment; null while there is none. */
  readonly startSeconds: number | null
  readonly stalls: number
  readonly stalledSeconds: number
}

/** Where sessions are carried out on nodes that are awake. */
export interface Stage {
  /** `askedMs`: when its viewer asked, which is earlier where it had to wait for room. */
  begin(viewing: Viewing, askedMs: number): StagedSession
  /** It can be given work from now on. */
  nodeUp(node: string): void
  nodeDown(node: string): void
  leasesOn(node: string): number
}

/** What a stage tells the head. */
export interface StageEvents {
  /** `share`: how busy it is, 0 to 1. */
  nodeBusy(node: string, leases: number, share: number): void
  /** Something changed that placement may want to know: a start, a pause, a lead that has grown. */
  changed(): void
  ended(session: StagedSession): void
}

export interface StageNode {
  readonly id: string
  readonly capacity: number
}
