import { printable } from '../printable.ts'

/** A job that stayed local, as far as a terminal shows it. */
export interface ShownLocalJob {
  readonly title: string
  readonly code: string
  readonly reason: string
  readonly times: number
  readonly atMs: number
}

/** More would push what runs off the screen; the API and the dashboard have the rest. */
const shown = 5

/** What was left to the media server's own transcoder, the last first; nothing when nothing was. */
export function localJobLines(jobs: readonly ShownLocalJob[], nowMs: number): string[] {
  if (jobs.length === 0) return []
  const lines = jobs
    .slice(-shown)
    .toReversed()
    .map(({ title, code, reason, times, atMs }) => {
      const often = times > 1 ? `, ${times} times` : ''
      return printable(`  ${title}, ${agoText((nowMs - atMs) / 1000)} ago${often}: ${code}, ${reason}`)
    })
  return ['Left to the media server:', ...lines]
}

function agoText(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`
}
