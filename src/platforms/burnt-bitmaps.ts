import type { BurntBitmaps, Plan } from '../plan/plan.ts'
import { inputArguments, secondsText } from './lease-arguments.ts'

/**
 * How long before a lease subtitles are looked for. FFmpeg sees only those that begin after its seek, and one that began
 * before would be lost until the next: reading so much more is cheap, for nothing of it is decoded but subtitles.
 */
export const burntLookBackSeconds = 30

/** Containers round to a millisecond: subtitles meant for a picture must not begin after it. */
const earlier = '-0.001000'

/**
 * The second input of a lease that lays subtitles over the picture: the film again, begun earlier. A file of subtitles
 * alone is read from its beginning.
 */
export function bitmapInput(
  plan: Plan,
  { source, pacedBy, canvasSize }: BurntBitmaps,
  firstSeconds: number,
): string[] {
  const seconds = pacedBy === null ? 0 : firstSeconds - burntLookBackSeconds
  const canvas = canvasSize === undefined ? [] : ['-canvas_size', canvasSize]
  const input = inputArguments(
    plan.inputs[source.input]!,
    source.input,
    { seconds, accurate: false },
    earlier,
  )
  return [...canvas, ...input]
}

/** Seconds after a lease's end for which subtitles may be needed to know that none comes. */
const afterEndSeconds = 5

/**
 * An overlay has to know that no subtitle comes before it shows a picture: FFmpeg would look for the next one through
 * all of the film, but that it takes the time from other packets of the same input if it uses them. So a stream is
 * copied to nowhere, as far as the lease goes. Sound, where there is some: pictures are stored before their time, and
 * subtitles would be seen up to five frames late (measured).
 */
export function bitmapBranch({ pacedBy }: BurntBitmaps, endSeconds: number | null): string[] {
  if (pacedBy === null) return []
  const end = endSeconds === null ? [] : ['-t', secondsText(endSeconds + afterEndSeconds)]
  return ['-map', `1:${pacedBy}`, '-c', 'copy', ...end, '-f', 'null', '-']
}
