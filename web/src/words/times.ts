const pad = (value: number) => String(value).padStart(2, '0')

/** A place in a film or a length, e.g. `4:07`, `1:02:09`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`
}

/** How long, roughly: `8 s`, `4 min`, `3 h 20 min`, `5 days`. */
export function lengthText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min`
  const hours = Math.floor(whole / 3600)
  if (hours >= 48) return `${Math.floor(hours / 24)} days`
  const minutes = Math.floor(whole / 60) % 60
  return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`
}

/** How long ago, e.g. `4 min ago`. */
export function agoText(atMs: number, nowMs: number): string {
  return nowMs - atMs < 2_000 ? 'just now' : `${lengthText((nowMs - atMs) / 1000)} ago`
}

/** What is left of a wait, e.g. `12 s left`; what takes longer than was thought is `any moment`. */
export function leftText(untilMs: number, nowMs: number): string {
  return untilMs <= nowMs ? 'any moment' : `${lengthText(Math.ceil((untilMs - nowMs) / 1000))} left`
}

/** A moment for a table: the time, with the day where it is another than today's. In the browser's own zone. */
export function momentText(atMs: number, nowMs: number, language?: string): string {
  const at = new Date(atMs)
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(at)
  if (at.toDateString() === new Date(nowMs).toDateString()) return time
  return `${new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' }).format(at)}, ${time}`
}
