export const minutesPerDay = 1_440
export const minutesPerWeek = 7 * minutesPerDay

/** Hours of some days of the week, local time; one that ends before it begins goes over midnight. */
export interface WeeklyHours {
  /** 0 is Sunday. */
  readonly days: readonly number[]
  /** Minutes of the day; `to` is not in it. */
  readonly from: number
  readonly to: number
}

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const form = /^(?:(?<days>[a-z,-]+)\s+)?(?<from>\d{1,2}:\d{2})\s*-\s*(?<to>\d{1,2}:\d{2})$/

/**
 * Reads `18:00-23:00`, `mon-fri 18:00-23:00` or `sat,sun 22:00-06:00`; null for anything else. The days are those on
 * which it begins.
 */
export function readHours(text: string): WeeklyHours | null {
  const groups = form.exec(text.trim().toLowerCase())?.groups
  if (!groups) return null
  const [from, to] = [minuteOf(groups.from!), minuteOf(groups.to!)]
  const days = groups.days === undefined ? [0, 1, 2, 3, 4, 5, 6] : readDays(groups.days)
  if (from === null || to === null || from === to || days === null) return null
  return { days, from, to }
}

/** `weekMinute`: minutes since Sunday, 00:00, local time. */
export function isWithin({ days, from, to }: WeeklyHours, weekMinute: number): boolean {
  const minute = weekMinute % minutesPerDay
  const day = Math.floor(weekMinute / minutesPerDay) % 7
  if (from < to) return days.includes(day) && minute >= from && minute < to
  return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to)
}

function minuteOf(text: string): number | null {
  const [hour, minute] = text.split(':').map(Number)
  const isTime = hour! < 24 && minute! < 60
  return isTime || text === '24:00' ? hour! * 60 + minute! : null
}

function readDays(text: string): number[] | null {
  const days = text.split(',').map((piece) => {
    const [first, last = first] = piece.split('-').map((name) => dayNames.indexOf(name))
    if (first === undefined || last === undefined || first < 0 || last < 0) return null
    const count = ((last - first + 7) % 7) + 1
    return Array.from({ length: count }, (_, index) => (first + index) % 7)
  })
  return days.every((each) => each !== null) ? [...new Set(days.flat())].sort() : null
}
