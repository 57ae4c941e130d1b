import type { Basis, Cell, DrawState } from './cell.ts'

/** What is written at once, or not at all. */
export interface Batch {
  /** Random at each start of the head. */
  readonly boot: string
  /** One more for each batch: one that is written again by mistake counts once. */
  readonly sequence: number
  /** The head's day now: what is too old is told by it. */
  readonly day: number
  readonly minute: number
  readonly cells: readonly Cell[]
  readonly sessions: readonly { readonly id: string; readonly title: string }[]
  readonly machines: readonly { readonly machine: string; readonly watts: number }[]
}

/** Sums over some days. */
export interface DayRow {
  readonly node: string
  readonly state: DrawState
  readonly basis: Basis
  readonly joules: number
  readonly seconds: number
  readonly work: number
}

export interface SessionRow {
  readonly session: string
  readonly title: string | null
  readonly basis: Basis
  readonly joules: number
}

export interface PeriodRows {
  readonly nodes: readonly DayRow[]
  /** Those with the most joules; see {@link mostSessions}. */
  readonly sessions: readonly SessionRow[]
  /** How many there are in all. */
  readonly sessionCount: number
}

export const mostSessions = 50

/** Days are the head's own, both of them in it; see stamp.ts. */
export interface DayRange {
  readonly from: number
  readonly to: number
}

export type Step = 'minute' | 'hour' | 'day'

/** One step of a plot, of all nodes or of one. */
export interface HistoryRow {
  /** Minutes or hours since 1970, or a day such as 20261123. */
  readonly start: number
  readonly node: string
  readonly basis: Basis
  readonly joules: number
  readonly seconds: number
}

export type LedgerRequest =
  | { readonly id: number; readonly type: 'write'; readonly batch: Batch }
  | { readonly id: number; readonly type: 'days'; readonly range: DayRange }
  | { readonly id: number; readonly type: 'history'; readonly step: Step; readonly range: DayRange }
  | { readonly id: number; readonly type: 'machines' }
  | { readonly id: number; readonly type: 'close' }

export interface LedgerFault {
  readonly code: 'E_LEDGER_FULL' | 'E_LEDGER_BROKEN' | 'E_LEDGER_AWAY'
  readonly where: string
}

/** `putAside`: a file that could not be read was found, and is now called so. */
export type LedgerReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown; readonly putAside?: string }
  | { readonly id: number; readonly ok: false; readonly fault: LedgerFault }
