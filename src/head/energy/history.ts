import type { Basis, Cell } from './cell.ts'
import type { DayRange, HistoryRow, Step } from './ledger-messages.ts'
import { dayOf, daysBefore, dayText, stampOf } from './stamp.ts'

export interface HistoryQuery {
  readonly step: Step
  /** How many steps, the last of which is the one that is not over yet. */
  readonly last: number
}

/** `GET /api/v1/energy/history`: for plots. Steps in which nothing is known are not there. */
export interface History {
  readonly step: Step
  readonly points: readonly HistoryPoint[]
  /** Why some are missing, with a code; null when none is. */
  readonly trouble: string | null
}

export interface HistoryPoint {
  /** Milliseconds since 1970 in which the step began; of a day, null: it is the calendar's. */
  readonly startMs: number | null
  /** 2026-11-23 in the head's time zone, of a day only. */
  readonly day: string | null
  /** A node's id, or the name of a part of the floor. */
  readonly node: string
  readonly joules: number
  readonly basis: Basis
  /** For how long of the step it is known. */
  readonly seconds: number
}

const stepMs = { minute: 60_000, hour: 3_600_000 }

/** The starts that are asked for, as the ledger counts them. */
export function rangeOf({ step, last }: HistoryQuery, now: Date): DayRange {
  if (step === 'day') return { from: dayOf(daysBefore(now, last - 1)), to: dayOf(now) }
  const to = stampOf(now)[step]
  return { from: to - last + 1, to }
}

/** What the ledger has, and what is not in it yet, as points; a step of a node that is partly modelled is so as a whole. */
export function historyOf(
  { step }: HistoryQuery,
  rows: readonly HistoryRow[],
  unwritten: readonly Cell[],
  { from, to }: DayRange,
  trouble: string | null,
): History {
  const points = new Map<string, HistoryPoint>()
  const put = (start: number, node: string, basis: Basis, joules: number, seconds: number): void => {
    const key = `${start} ${node}`
    const before = points.get(key) ?? { joules: 0, seconds: 0, basis: 'measured' }
    points.set(key, {
      ...whenOf(step, start),
      node,
      joules: before.joules + joules,
      seconds: before.seconds + seconds,
      basis: before.basis === 'modelled' || basis === 'modelled' ? 'modelled' : 'measured',
    })
  }
  for (const { start, node, basis, joules, seconds } of rows) put(start, node, basis, joules, seconds)
  for (const cell of unwritten) {
    const start = cell[step]
    if (start === null || start < from || start > to || cell.node === '') continue
    put(start, cell.node, cell.basis, cell.joules, cell.seconds)
  }
  return { step, points: [...points.values()].filter(({ node }) => node !== ''), trouble }
}

function whenOf(step: Step, start: number): Pick<HistoryPoint, 'startMs' | 'day'> {
  if (step === 'day') return { startMs: null, day: dayText(start) }
  return { startMs: start * stepMs[step], day: null }
}
