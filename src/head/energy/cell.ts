import type { Reading } from '../../power/meters/meter.ts'

/**
 * What a node was doing while it drew: `busy` is what it drew above idling, for the sessions that it had leases of;
 * `idle` all else while it was awake; `unknown` that it was awake and nobody knows what it drew. `floor` is something that
 * never sleeps, and no node.
 */
export type DrawState = 'off' | 'waking' | 'going-to-sleep' | 'idle' | 'busy' | 'unknown' | 'floor'

export type Basis = Reading['basis']

/** Energy that goes to one place. */
export interface Draw {
  /** A node's id, or the name of a part of the floor. */
  readonly node: string
  /** Empty for what no session is to blame for. */
  readonly session: string
  readonly state: DrawState
  readonly basis: Basis
  readonly watts: number
  /** Of the time: a node that is busy for two sessions is so half of the time for each. */
  readonly share: number
}

/** Energy of one minute that went to one place. */
export interface Cell extends Omit<Draw, 'watts' | 'share'> {
  /** Minutes since 1970; null where memory was short and only the hour is known. */
  readonly minute: number | null
  /** Hours since 1970; null where only the day is known. */
  readonly hour: number | null
  /** In the head's own time zone, as a number: 20261123. */
  readonly day: number
  readonly joules: number
  readonly seconds: number
  /** Seconds of a core of the reference machine that the session's published pictures stand for; see demand.ts. */
  readonly work: number
}
