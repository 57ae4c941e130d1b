import type { Plan, SubtitleTrack } from './plan.ts'

/** Packagings that the head makes itself, for people. */
const made = { dash: 'DASH', matroska: 'Matroska segments', file: 'whole files' } as const

/**
 * What of a plan the head cannot carry out yet, in words; empty when it can. Leases for all of it exist. The job then
 * stays local with the reason `not-yet`, though a node could do it.
 */
export function pendingOf({ packaging, subtitles, audio }: Plan): readonly string[] {
  const isAac = (audio?.encoder.codec ?? 'aac') === 'aac'
  const inside = (subtitles ?? []).flatMap(({ to }) => (to.kind === 'inside' ? [to] : []))
  const words: [boolean, string][] = [
    [packaging.kind !== 'matroska' && inside.length > 0, `subtitles inside ${packaging.kind}`],
    [inside.some((to) => !to.format), 'subtitles inside the output that are no plain text'],
    [(subtitles ?? []).some(isWebvtt), 'subtitles as WebVTT'],
  ]
  return [
    ...(packaging.kind === 'mpegts' || isAac ? [] : [`${made[packaging.kind]} with sound other than AAC`]),
    ...words.flatMap(([isPending, what]) => (isPending ? [what] : [])),
  ]
}

const isWebvtt = ({ to }: SubtitleTrack): boolean => to.kind !== 'inside' && to.format === 'webvtt'
