import type { DayRange } from './ledger-messages.ts'
import { dayOf, daysBefore, firstOfMonth } from './stamp.ts'

export type PeriodName = 'today' | 'week' | 'month'

export interface Period {
  readonly name: PeriodName
  readonly range: DayRange
}

/** Today, the last seven days with today, and this calendar month. */
export function periodsAt(now: Date): readonly Period[] {
  const to = dayOf(now)
  return [
    { name: 'today', range: { from: to, to } },
    { name: 'week', range: { from: dayOf(daysBefore(now, 6)), to } },
    { name: 'month', range: { from: dayOf(firstOfMonth(now)), to } },
  ]
}
