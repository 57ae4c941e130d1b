import type { Plan } from '../plan/plan.ts'
import type { Capabilities } from './capabilities.ts'
import type { RungName } from './rungs.ts'

/** Segments [from, to) of one part, to be compiled for one node. */
export interface LeaseRange {
  readonly from: number
  readonly to: number
  /** The lease reaches the expected end: it runs on until the input ends. */
  readonly open: boolean
  /** Leases that failed at these segments before; each makes the next one begin to decode earlier. */
  readonly failures: number
}

/** What is known of the node that a lease is for. */
export interface LeaseNode {
  /** What it has proved; the usual machine of the platform's kind unless said. */
  readonly capabilities?: Capabilities
  /** Rungs that failed there at this kind of work. */
  readonly left?: readonly RungName[]
}

/** ffmpeg's arguments with the placeholders of a grant, or why this platform cannot do it. */
export type Compiled = CompiledLease | { readonly out: string }

export interface CompiledLease {
  readonly args: readonly string[]
  /** Which way of the platform it is; missing where there is only one. */
  readonly rung?: RungName
  /**
   * One past the last segment that these arguments make, where that is before the range's end: an encoder that counts its
   * key frames cannot go on where segments have another number of pictures. The rest is another lease.
   */
  readonly reach?: number
  /** Pictures of two leases with the same look have the same parameter sets. */
  readonly look?: string
}

/**
 * One kind of hardware, as data and pure functions. Adding a platform is adding a file that says what the chip has (see
 * chip.ts), and a row in all.ts.
 */
export interface Platform {
  /** What a node announces when it has proved that it can do this, e.g. `software`. */
  readonly name: string
  /** Whether there is any difference between this platform and the next one for that plan. */
  suits(plan: Plan): boolean
  /** By the best of its rungs that has not failed. */
  compileVideo(plan: Plan, range: LeaseRange, node?: LeaseNode): Compiled
  compileAudio(plan: Plan, range: LeaseRange, node?: LeaseNode): Compiled
  /** All ways that are really different, the best first; empty where it has none. */
  ladder(plan: Plan, range: LeaseRange, node?: LeaseNode): readonly CompiledLease[]
}
