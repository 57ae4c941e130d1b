import type { Plan } from './plan.ts'

/**
 * What of a plan the head cannot carry out yet, in words; empty when it can. Leases for all of it exist. The job then
 * stays local with the reason `not-yet`, though a node could do it.
 */
export function pendingOf({ packaging, subtitles, video, audio }: Plan): readonly string[] {
  const words: [boolean, string][] = [
    [packaging.kind === 'file', 'packaging as file'],
    [
      packaging.kind === 'matroska' && video.encoder.codec !== 'h264',
      `Matroska segments with pictures in ${video.encoder.codec}`,
    ],
    [
      packaging.kind === 'matroska' && (audio?.encoder.codec ?? 'aac') !== 'aac',
      'Matroska segments with sound other than AAC',
    ],
    [
      packaging.kind === 'dash' && video.encoder.codec !== 'h264',
      `DASH with pictures in ${video.encoder.codec}`,
    ],
    [
      packaging.kind === 'dash' && (audio?.encoder.codec ?? 'aac') !== 'aac',
      'DASH with sound other than AAC',
    ],
    [(subtitles ?? []).length > 0, 'subtitles that are not burnt in'],
  ]
  return words.flatMap(([isPending, what]) => (isPending ? [what] : []))
}
