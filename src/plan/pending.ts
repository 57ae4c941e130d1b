import type { Plan, SubtitleTrack } from './plan.ts'

/** Packagings that the head makes itself, for people. */
const made = { dash: 'DASH', matroska: 'Matroska segments', hls: 'HLS', file: 'whole files' } as const

/**
 * What of a plan the head cannot carry out yet, in words; empty when it can. Leases for all of it exist. The job then
 * stays local with the reason `not-yet`, though a node could do it.
 */
export function pendingOf({
  inputs,
  packaging,
  subtitles,
  audio,
  moreAudio,
  video,
}: Plan): readonly string[] {
  const sound = audio?.encoder.codec ?? 'aac'
  const isCopying = packaging.kind === 'mpegts' && video.encoder.codec !== 'copy' && audio?.encoder.packets
  const isAac = sound === 'aac' || sound === 'copy'
  const inside = (subtitles ?? []).flatMap(({ to }) => (to.kind === 'inside' ? [to] : []))
  const words: [boolean, string][] = [
    [packaging.kind !== 'matroska' && inside.length > 0, `subtitles inside ${packaging.kind}`],
    [inside.some((to) => !to.format), 'subtitles inside the output that are no plain text'],
    [(subtitles ?? []).some(isWebvtt), 'subtitles as WebVTT'],
  ]
  const isGrowing = packaging.kind === 'file' && packaging.growing === true
  const hasFolder = video.operations.some(
    (operation) => operation.kind === 'burn-text' && operation.fontFolder,
  )
  const servers: [boolean, string][] = [
    [packaging.kind === 'hls', 'HLS as Jellyfin and Emby ask for it'],
    [isGrowing, 'files that are read while they are written'],
    [sound === 'copy' && !isCopying, 'sound that is copied'],
    [moreAudio !== undefined, 'more than one track of sound'],
    [inputs.some(({ pieces }) => pieces), 'films in several pieces'],
    [video.encoder.codec === 'av1', 'pictures in AV1'],
    [hasFolder, 'fonts out of a folder'],
  ]
  return [
    ...servers.flatMap(([isPending, what]) => (isPending ? [what] : [])),
    ...(packaging.kind === 'mpegts' || isAac ? [] : [`${made[packaging.kind]} with sound other than AAC`]),
    ...words.flatMap(([isPending, what]) => (isPending ? [what] : [])),
  ]
}

const isWebvtt = ({ to }: SubtitleTrack): boolean => to.kind !== 'inside' && to.format === 'webvtt'
