import type { NodeView } from './node-view.ts'

/** `GET /api/v1/nodes/NODE` (id or name). */
export interface NodeDetail {
  readonly node: NodeView
  readonly proofs: readonly ProofRow[]
  readonly keptOff: readonly KeptOffRow[]
  /** What became of it, newest last: the last hundred of the states it came to and of what it did in sessions. */
  readonly history: readonly NodeMoment[]
  /** The last decision about it; null before the first. */
  readonly decision: NodeDecision | null
  /** The end of its log, oldest first; null when it did not answer. */
  readonly log: readonly LogLine[] | null
}

/** One thing that a node was asked to show it can do. */
export interface ProofRow {
  readonly platform: string
  readonly does: 'decode' | 'filter' | 'encode'
  /** E.g. `hevc 10-bit by nvdec`. */
  readonly what: string
  readonly ok: boolean
  /** Why not; null when it is. */
  readonly why: string | null
}

export interface KeptOffRow {
  readonly work: string
  readonly reason: string
  readonly proofInSeconds: number
}

export interface NodeMoment {
  readonly atMs: number
  /** A state, or what it did in words, e.g. `video of oak ends before segment 12`. */
  readonly what: string
  /** Why it came to that state, where somebody decided it; of work: the film. */
  readonly why: string | null
}

export interface NodeDecision {
  readonly atMs: number
  /** E.g. `wake`, `sleep`, `keep`, or the work that it was given: `video of film.mkv from segment 12`. */
  readonly what: string
  readonly reason: string
}

/** A line of the head's log, or of a node's. */
export interface LogLine {
  readonly atMs: number
  readonly level: 'debug' | 'info' | 'warning' | 'error' | 'fatal'
  /** `head`, or the node's name. */
  readonly from: string
  readonly message: string
  readonly session: string | null
  /** What else the line says; no secret. */
  readonly fields: Readonly<Record<string, unknown>>
}
