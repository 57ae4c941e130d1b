import { boundarySlot, slotSeconds } from '../media/timeline.ts'
import type { BurntText, Plan } from '../plan/plan.ts'
import { absoluteTimes, inputArguments, quietStart } from './lease-arguments.ts'
import type { LeaseRange } from './platform.ts'

/** Text stays longer than pictures of it do: signs, watermarks. */
export const textLookBackSeconds = 60

/** Key frames lie no further apart in what a seek may land before. */
const seekSlackSeconds = 12

/** Text that a lease of this plan burns in; null for one that burns in none. */
export function burntTextOf(plan: Plan): BurntText | null {
  const operation = plan.video.operations.find(({ kind }) => kind === 'burn-text')
  return operation?.kind === 'burn-text' ? operation : null
}

/**
 * What to run before a lease that burns text in: it writes the text as ASS to `{text}`, a path of letters, digits,
 * `/ . _ -` only. Null where no text is burnt in.
 *
 * FFmpeg's filter for text reads a file to its end before the first picture, which must not be the whole film. So the
 * text of the lease, and of a minute before it, is taken out first, by counting the film's pictures as they are read:
 * text alone does not tell FFmpeg that it is past the end. A file of text alone is taken as it is.
 */
export function textLease(plan: Plan, range: LeaseRange): readonly string[] | null {
  const text = burntTextOf(plan)
  if (!text) return null
  const { source } = text
  const input = plan.inputs[source.input]!
  const words = ['-map', `0:${source.stream}`]
  if (text.alone) {
    const open = inputArguments(input, source.input, { seconds: 0, accurate: false })
    return [...quietStart, '-y', ...open, '-copyts', ...words, '-c:s', 'ass', '-f', 'ass', '{text}']
  }
  const first = slotSeconds(plan.timeline, boundarySlot(plan.timeline, range.from))
  const end = slotSeconds(plan.timeline, boundarySlot(plan.timeline, range.to))
  const seconds = Math.max(0, first - textLookBackSeconds)
  const pictures = Math.ceil((end - seconds + seekSlackSeconds) * text.sourceRate)
  return [
    ...quietStart,
    '-y',
    ...inputArguments(input, source.input, { seconds, accurate: false }),
    ...absoluteTimes,
    // The picture first: only then does its limit end the output with its text.
    ...['-map', `0:${plan.video.source.stream}`, ...words],
    ...['-c:v', 'copy', '-c:s', 'ass', '-frames:v', String(pictures), '-avoid_negative_ts', 'disabled'],
    ...['-f', 'tee', '[select=s:f=ass]{text}|[select=v:f=null]-'],
  ]
}
