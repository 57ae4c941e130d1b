import type { Plan, SubtitleTrack } from './plan.ts'

/**
 * What of a plan the head cannot carry out yet, in words; empty when it can. Leases for all of it exist. The job then
 * stays local with the reason `not-yet`, though a node could do it.
 */
export function pendingOf({ packaging, subtitles, video, audio }: Plan): readonly string[] {
  const isFilm = packaging.kind === 'matroska' || packaging.kind === 'file'
  const what = packaging.kind === 'file' ? 'whole files' : 'Matroska segments'
  const words: [boolean, string][] = [
    [packaging.kind !== 'mpegts' && video.encoder.codec === 'copy', `copied pictures in ${packaging.kind}`],
    [isFilm && video.encoder.codec === 'hevc', `${what} with pictures in ${video.encoder.codec}`],
    [isFilm && (audio?.encoder.codec ?? 'aac') !== 'aac', `${what} with sound other than AAC`],
    [
      packaging.kind === 'dash' && video.encoder.codec === 'hevc',
      `DASH with pictures in ${video.encoder.codec}`,
    ],
    [
      packaging.kind === 'dash' && (audio?.encoder.codec ?? 'aac') !== 'aac',
      'DASH with sound other than AAC',
    ],
    [(subtitles ?? []).some(({ to }) => to.kind === 'inside'), 'subtitles among the streams of the film'],
    [(subtitles ?? []).some(isWebvtt), 'subtitles as WebVTT'],
  ]
  return words.flatMap(([isPending, what]) => (isPending ? [what] : []))
}

const isWebvtt = ({ to }: SubtitleTrack): boolean => to.kind !== 'inside' && to.format === 'webvtt'
