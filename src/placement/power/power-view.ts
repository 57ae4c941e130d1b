import type { LifePhase } from './node-life.ts'
import type { PowerProfile } from './power-profile.ts'

/** A node as far as it matters to whether it is awake. */
export interface PowerNode {
  readonly id: string
  /** What the house's rules call it, where that is not its id. */
  readonly name?: string
  readonly platforms: readonly string[]
  /** Cores of the reference machine that it is worth; see demandOf and capacities. */
  readonly capacity: number
  readonly profile: PowerProfile
  /** It may not draw more; null for no limit. */
  readonly capWatts: number | null
  readonly phase: LifePhase
  /** Since when it is in that phase; `ready` and `busy` count as one. */
  readonly sinceMs: number
  /** Seconds until it is expected to be there, while it wakes; see wake-time.ts. */
  readonly comingSeconds?: number
}

/** The head's own machine, which is always on: watts are those that work adds. */
export interface PowerResponder {
  readonly platforms: readonly string[]
  readonly capacity: number
  /** Sessions that it works for at a time. */
  readonly slots: number
  readonly addedWatts: number
}

/** A stream that plays, or is expected to begin in a moment. */
export interface PowerSession {
  readonly id: string
  readonly platforms: readonly string[]
  /** Cores of the reference machine that keep it in real time. */
  readonly demand: number
  readonly ageSeconds: number
  /** Seconds by which it leads its player; see PlayerLead. */
  readonly leadSeconds: number
  /** Its player is paused and has enough in hand: it needs nobody for now. */
  readonly isResting: boolean
}

/** All that decides who is awake, at one moment. */
export interface PowerView {
  readonly nodes: readonly PowerNode[]
  readonly sessions: readonly PowerSession[]
  /** Null where the head's own machine takes no part. */
  readonly responder: PowerResponder | null
  /** Minutes since Sunday, 00:00, local time. */
  readonly weekMinute: number
}

/** What is to happen now. A node in none of the lists stays as it is. */
export interface PowerDecision {
  /** Nodes that may be given work: only these are placed. Those that are awake besides are on their way to sleep. */
  readonly working: readonly string[]
  readonly wake: readonly string[]
  readonly sleep: readonly string[]
  /** Sessions that the first responder makes now, and nobody else: see bridgedOf. */
  readonly bridge: readonly string[]
  /** When time alone changes something; null when only an event can. */
  readonly nextLookMs: number | null
}
