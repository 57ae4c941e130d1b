import type { Plan } from '../plan/plan.ts'

/** Segments [from, to) of one part, to be compiled for one node. */
export interface LeaseRange {
  readonly from: number
  readonly to: number
  /** The lease reaches the expected end: it runs on until the input ends. */
  readonly open: boolean
  /** Leases that failed at these segments before; each makes the next one begin to decode earlier. */
  readonly failures: number
}

/** ffmpeg's arguments with the placeholders of a grant, or why this platform cannot do it. */
export type Compiled = { readonly args: readonly string[] } | { readonly out: string }

/**
 * One kind of hardware, as data and two pure functions. Adding a platform is adding a file beside software.ts
 * and a row in all.ts.
 */
export interface Platform {
  /** What a node announces when it has proved that it can do this, e.g. `software`. */
  readonly name: string
  /** Whether there is any difference between this platform and the next one for that plan. */
  suits(plan: Plan): boolean
  compileVideo(plan: Plan, range: LeaseRange): Compiled
  compileAudio(plan: Plan, range: LeaseRange): Compiled
}
