import type { BaselineName } from './baselines.ts'
import type { Basis, DrawState } from './cell.ts'
import type { PeriodName } from './periods.ts'

/** `GET /api/v1/energy`; `paceline energy --json` prints it. Joules are not rounded; kWh are joules / 3,600,000. */
export interface EnergyReport {
  /** The head's clock, milliseconds since 1970, and the zone that its days are of. */
  readonly atMs: number
  readonly timeZone: string
  /** Null where the configuration names no price. */
  readonly price: { readonly perKwh: number; readonly currency: string } | null
  readonly now: NowReport
  readonly periods: readonly PeriodReport[]
  /** Why numbers are missing or not written down, with a code; null when all is well. */
  readonly trouble: string | null
}

/** Joules, and what kind of number that is: `measured` only where all of it is. */
export interface Energy {
  readonly joules: number
  readonly measuredJoules: number
  readonly basis: Basis
  readonly kwh: number
  readonly cost: number | null
}

export interface NowReport {
  /** Of all that is known; `modelled` as soon as a part of it is. */
  readonly watts: number
  readonly basis: Basis
  readonly nodes: readonly NowNode[]
  readonly floor: readonly { readonly name: string; readonly watts: number; readonly basis: Basis }[]
}

export interface NowNode {
  readonly id: string
  readonly name: string
  readonly state: DrawState
  /** Null where nobody knows. */
  readonly watts: number | null
  readonly basis: Basis
  /** What is inside the number, and which sensor or model it is from; null where it is from the settings, or unknown. */
  readonly boundary: string | null
  readonly source: string | null
}

export interface PeriodReport {
  readonly name: PeriodName
  /** The head's days, both in it: 2026-11-23. */
  readonly from: string
  readonly to: string
  /** For how much of it the head has been there to look. */
  readonly coveredSeconds: number
  readonly total: Energy
  readonly nodes: readonly NodeReport[]
  readonly floor: readonly (Energy & { readonly name: string })[]
  /** Those that took the most, the most first; what a session cost is what its nodes drew above idling. */
  readonly sessions: readonly (Energy & { readonly id: string; readonly title: string | null })[]
  /** How many there were in all. */
  readonly sessionCount: number
  /**
   * Names of nodes whose watts nobody knew for more than a twentieth of the time: nothing is counted for it, so that the
   * fleet took more than the total.
   */
  readonly unknown: readonly string[]
  readonly baselines: readonly BaselineReport[]
}

export interface NodeReport extends Energy {
  readonly id: string
  /** Its id where it is known no more. */
  readonly name: string
  /** What is inside its numbers now; see docs/power.md. Null where nobody reads it. */
  readonly boundary: string | null
  /** By what it was doing. */
  readonly states: Readonly<Partial<Record<DrawState, { readonly joules: number; readonly seconds: number }>>>
}

export interface BaselineReport {
  readonly name: BaselineName
  readonly what: string
  readonly joules: number
  readonly kwh: number
  readonly cost: number | null
  /**
   * Less than that by so much; negative where it was more. Null where it is compared with another machine and what the
   * fleet took is not known: see {@link PeriodReport.unknown}.
   */
  readonly savedJoules: number | null
  readonly savedKwh: number | null
  readonly savedCost: number | null
}
