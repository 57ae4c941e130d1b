import type { BurntBitmaps, Plan } from '../plan/plan.ts'
import { inputArguments, secondsText } from './lease-arguments.ts'

/**
 * How long before a lease subtitles are looked for. FFmpeg sees only those that begin after its seek, and one that began
 * before would be lost until the next: reading so much more is cheap, for nothing of it is decoded but subtitles.
 */
export const burntLookBackSeconds = 30

/**
 * The second input of a lease that lays subtitles over the picture: the film again, begun earlier. A file of subtitles
 * alone is read from its beginning.
 */
export function bitmapInput(plan: Plan, { source }: BurntBitmaps, firstSeconds: number): string[] {
  const isFilm = source.input === plan.video.source.input
  const seconds = isFilm ? firstSeconds - burntLookBackSeconds : 0
  return inputArguments(plan.inputs[source.input]!, source.input, { seconds, accurate: false })
}

/** Seconds after a lease's end for which subtitles may be needed to know that none comes. */
const afterEndSeconds = 5

/**
 * FFmpeg tells an overlay that subtitles go on only while it reads packets of the same input that it uses; otherwise it
 * looks for the next subtitle, through all of the film if need be. So the film's picture is copied to nowhere, as far
 * as the lease goes.
 */
export function bitmapBranch(plan: Plan, { source }: BurntBitmaps, endSeconds: number | null): string[] {
  if (source.input !== plan.video.source.input) return []
  const end = endSeconds === null ? [] : ['-t', secondsText(endSeconds + afterEndSeconds)]
  return ['-map', `1:${plan.video.source.stream}`, '-c', 'copy', ...end, '-f', 'null', '-']
}
