/**
 * What a node is doing. `off`: switched off; `asleep`: suspended; `away`: not heard, and nobody switched it off;
 * `draining`: it finishes what it has in hand and gets nothing more; `drained`: it has nothing any more;
 * `outdated`: of a release that does not work with this head; `failed`: it did not wake, and is left alone for a while.
 */
export type NodeState =
  | 'off'
  | 'asleep'
  | 'waking'
  | 'ready'
  | 'busy'
  | 'draining'
  | 'drained'
  | 'going-to-sleep'
  | 'failed'
  | 'away'
  | 'outdated'

/** Electric power, and whether an instrument said so or a model of the node did. */
export interface Watts {
  readonly value: number
  readonly source: 'measured' | 'modelled'
}

/** One node's right to make segments, as it is now. */
export interface LeaseView {
  readonly attempt: string
  readonly session: string
  /** Its name. */
  readonly node: string
  /** `video`, `audio`, or what else the session's parts are called. */
  readonly part: string
  readonly from: number
  /** One past the last segment; a cut lowers it. */
  readonly to: number
  /** The segment that is being made. */
  readonly next: number
  /** It was begun beside another that would come too late with the same segment. */
  readonly isHedge: boolean
  /** It has been shortened: what follows is somebody else's. */
  readonly isCut: boolean
}

/** What a node has proved, in numbers; the table is in the {@link NodeDetail}. */
export interface ProofSummary {
  readonly proved: number
  readonly failed: number
  /** Platforms with anything proved, e.g. `nvidia`, `software`. */
  readonly platforms: readonly string[]
  /** Kinds of work that it is kept off until it has proved itself again. */
  readonly keptOff: number
}

/** A node, on a card. Times are milliseconds since 1970 by the head's clock; null is what is not known. */
export interface NodeView {
  readonly id: string
  readonly name: string
  readonly state: NodeState
  readonly sinceMs: number | null
  /** While it wakes: when it is expected to be ready, from how long it took before. */
  readonly readyAtMs: number | null
  readonly watts: Watts | null
  /** 0 to 1, of all its processors. */
  readonly load: number | null
  /** Of its warmest sensor. */
  readonly celsius: number | null
  readonly cores: number | null
  readonly version: string | null
  /** Seconds of source a second, with all that it has. */
  readonly speed: number | null
  readonly proof: ProofSummary | null
  readonly leases: readonly LeaseView[]
  /** The head's own: it works only where no other can. */
  readonly isFirstResponder: boolean
  /** Until when a person wants it kept awake; null when nobody does. */
  readonly keepWarmUntilMs: number | null
  /** Whether the head can wake it and put it to sleep. */
  readonly hasPowerControl: boolean
  /** What is wrong there, though it works: each begins with a code of docs/errors.md. */
  readonly troubles: readonly string[]
}
