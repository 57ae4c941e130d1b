import type { Watts } from './node-view.ts'

/** `GET /api/v1/energy`, as far as the dashboard reads it; the whole of it is head/energy/energy-report.ts. */
export interface EnergyView {
  /** Null where the configuration names no price. */
  readonly price: { readonly perKwh: number; readonly currency: string } | null
  readonly periods: readonly EnergyPeriod[]
  /** Why numbers are missing or not written down, with a code; null when all is well. */
  readonly trouble: string | null
}

/** Measured only where all of it is. */
export interface EnergySum {
  readonly joules: number
  readonly measuredJoules: number
  readonly basis: Watts['source']
  readonly kwh: number
  readonly cost: number | null
}

export interface EnergyPeriod {
  readonly name: 'today' | 'week' | 'month'
  /** The head's days, both in it: 2026-11-23. */
  readonly from: string
  readonly to: string
  readonly coveredSeconds: number
  readonly total: EnergySum
  readonly nodes: readonly EnergyOfNode[]
  /** What never sleeps. */
  readonly floor: readonly (EnergySum & { readonly name: string })[]
  /** Those that took the most, the most first. */
  readonly sessions: readonly (EnergySum & { readonly id: string; readonly title: string | null })[]
  /** Names of nodes whose watts were not known for a part of the time that counts: they are in no sum. */
  readonly unknown: readonly string[]
  readonly baselines: readonly EnergyBaseline[]
}

export interface EnergyOfNode extends EnergySum {
  readonly id: string
  readonly name: string
  /** By what it was doing, e.g. `busy`, `idle`, `off`. */
  readonly states: Readonly<
    Partial<Record<string, { readonly joules: number; readonly seconds: number } | undefined>>
  >
}

/** What the same time would have taken in another way. */
export interface EnergyBaseline {
  readonly name: string
  /** In words: what it is, and what it was reckoned from. */
  readonly what: string
  readonly kwh: number
  readonly cost: number | null
  /** Negative where the fleet took more; null where that is not known. */
  readonly savedKwh: number | null
  readonly savedCost: number | null
}

/** `GET /api/v1/energy/history?step=STEP&last=COUNT`: steps in which nothing is known are not there. */
export interface EnergyHistory {
  readonly step: 'minute' | 'hour' | 'day'
  readonly points: readonly {
    /** Milliseconds since 1970 in which the step began; null of a day, which is the calendar's. */
    readonly startMs: number | null
    readonly day: string | null
    /** A node's id, or the name of a part of the floor. */
    readonly node: string
    readonly joules: number
    readonly basis: Watts['source']
    readonly seconds: number
  }[]
  readonly trouble: string | null
}
