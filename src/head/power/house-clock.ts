/** Time as power needs it: one clock that goes on, and one that people live by. */
export interface HouseClock {
  /** Milliseconds since 1970 as it was when the head started, and never set afterwards. */
  nowMs(): number
  /** Minutes since Sunday, 00:00, local time, as it is set now. */
  weekMinute(): number
}

/** The machine's own. A board without a battery may begin in 1970: what it learns of hours is worth as much until it is set. */
export function openHouseClock(today: () => Date = () => new Date()): HouseClock {
  return {
    nowMs: () => performance.timeOrigin + performance.now(),
    weekMinute() {
      const date = today()
      return (date.getDay() * 24 + date.getHours()) * 60 + date.getMinutes()
    },
  }
}
