import type { Cell } from './cell.ts'

/** When something was: minute and hour since 1970, day in the head's own time zone. */
export type Stamp = Pick<Cell, 'minute' | 'hour' | 'day'>

const minuteMs = 60_000
const hourMs = 3_600_000

/** A moment of the head's clock: nobody else's ever stamps the ledger. */
export function stampOf(time: Date): Stamp & { readonly minute: number; readonly hour: number } {
  const atMs = time.getTime()
  return { minute: Math.floor(atMs / minuteMs), hour: Math.floor(atMs / hourMs), day: dayOf(time) }
}

/** 20261123 for the 23rd of November 2026, in the head's own time zone. */
export function dayOf(time: Date): number {
  return time.getFullYear() * 10_000 + (time.getMonth() + 1) * 100 + time.getDate()
}

/** So many days before: the calendar's days, some of which have 23 or 25 hours. */
export function daysBefore(time: Date, days: number): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() - days, 12)
}

export function firstOfMonth(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), 1, 12)
}

/** 2026-11-23 */
export function dayText(day: number): string {
  const text = String(day).padStart(8, '0')
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}
