import type { Cluster } from './cluster.ts'
import type { FilmSession } from './film-session.ts'

/** What faults are done to. */
export interface Stage {
  readonly cluster: Cluster
  readonly session: FilmSession
  /** A segment as a lease delivers it, but with the wrong pictures in it. */
  readonly foreignSegment: (segment: number) => Buffer
}

/** How it is known that a fault has happened, in words; or that it has not. */
export interface Proof {
  readonly happened: boolean
  readonly how: string
  /** What the product did that it must not do. */
  readonly wrong?: readonly string[]
}

export const proved = (how: string): Proof => ({ happened: true, how })
export const unproved = (how: string): Proof => ({ happened: false, how })
