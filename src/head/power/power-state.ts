import type { ErrorCode } from '../../errors.ts'
import type { LifePhase, LifeReport } from '../../placement/power/node-life.ts'
import type { PowerProfile } from '../../placement/power/power-profile.ts'
import type { WakeTime } from '../../placement/power/wake-time.ts'

/** Why a node was woken or put to sleep. */
export type PowerReason =
  /** Streams need it, or need it no longer and idling for longer costs more than a boot. */
  | 'needed'
  | 'not-needed'
  /** Hours in which nodes are kept warm; a person keeps it awake until some time. */
  | 'kept-warm'
  /** A person said so. */
  | 'by-hand'

/** What was decided about a node's power last. */
export interface PowerDecided {
  readonly what: 'wake' | 'sleep'
  readonly reason: PowerReason
  readonly atMs: number
}

/** The last power command to a node's driver. */
export interface PowerCommand {
  readonly what: 'on' | 'off' | 'cycle'
  readonly startedMs: number
  /** Null while it is under way; there is never more than one. */
  readonly endedMs: number | null
  /** In words of the driver, without secrets. */
  readonly told: string
  /** Nothing was sent: a dry run. */
  readonly isDry: boolean
  /** The node was seen to be as it was told. */
  readonly isSeen: boolean
  /** Why it failed; null while it has not. */
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null
}

/** What people should hear of, with when it was. */
export interface PowerReport {
  readonly what: LifeReport
  readonly reason: string
  readonly atMs: number
}

/**
 * What is known of one node's power, for `status`, the dashboard, events and the energy ledger. All times are milliseconds
 * of the clock of {@link PowerOverview}.
 */
export interface NodePower {
  readonly id: string
  readonly name: string
  /** Null: no driver, so that it is on while it is there. */
  readonly driver: string | null
  /** Off means suspended: its memory stays powered. */
  readonly isSuspending: boolean
  /** For a node without a driver `off` means away. */
  readonly life: LifePhase
  readonly sinceMs: number
  /** When one that wakes is expected, by the mean of the times before; null for all others. */
  readonly wakeExpectedAtMs: number | null
  /** What it takes to wake, as far as it has been seen. */
  readonly wakeTime: WakeTime
  /** When one that failed, or did not go to sleep, is tried again; null for all others. */
  readonly retryAtMs: number | null
  /** A person wants it awake until then; null where nobody does. */
  readonly keptUntilMs: number | null
  readonly decided: PowerDecided | null
  readonly command: PowerCommand | null
  readonly report: PowerReport | null
  /** From its settings, idle and busy watts as its meter has read them where it has one; null where nothing is known. */
  readonly profile: PowerProfile | null
  readonly capWatts: number | null
}

/** What others may see of power. */
export interface PowerOverview {
  /**
   * The clock of all times here: it begins as the time of day (milliseconds since 1970) when the head starts, and is never
   * set.
   */
  nowMs(): number
  /** Every node that has joined, there or not; the first responder is none of them. */
  nodes(): readonly NodePower[]
  /** Nothing is switched, and drivers only say what they would do. */
  readonly isDryRun: boolean
  /** Calls back after each change of what `nodes` answers; returns what ends that. */
  onChange(listener: () => void): () => void
}
