import type { BurntText, Plan, StreamRef } from '../plan/plan.ts'
import { absoluteTimes, inputArguments, quietStart, secondsText } from './lease-arguments.ts'

/** A subtitle stream that is read as text. */
export interface TextSource {
  readonly source: StreamRef
  /** The stream's file holds nothing else, so that it is read whole. */
  readonly alone: boolean
  /** As what it is written. */
  readonly format: TextFormat
  /** `copy` where the stream is of that format already. */
  readonly codec: TextFormat | 'copy'
  /** Cues of ASS in the order of their times; else in that of the file that they come from. */
  readonly byTime: boolean
}

export type TextFormat = 'ass' | 'srt' | 'webvtt'

/** Text that is shown from `from` on and before `to`, seconds. */
export interface TextSpan {
  readonly from: number
  readonly to: number
}

/** How long before a session begins its text is looked for: what is shown then may have begun before. */
export const textLookBackSeconds = 60

/** Text may be stored a little before or after the pictures that it is for. */
const storedBesideSeconds = 2

/** Text that is burnt into the picture of this plan; null where none is. */
export function burntTextOf(plan: Plan): BurntText | null {
  const operation = plan.video.operations.find(({ kind }) => kind === 'burn-text')
  return operation?.kind === 'burn-text' ? operation : null
}

/**
 * A lease that takes a stretch of text out of the film and delivers it as one file, its only segment, with number 0.
 * It may hold more than the stretch at both ends.
 *
 * Nothing is decoded but the text: the film is read to the stretch's end, which is seen by its pictures, for text alone
 * does not tell FFmpeg that it is past the end. Those before it are dropped, and with the second one after it the whole
 * output ends (`-frames`).
 */
export function textLease(plan: Plan, text: TextSource, span: TextSpan): readonly string[] {
  const { source, format, codec } = text
  const order = format === 'ass' && text.byTime ? ['-ignore_readorder', '1'] : []
  const input = plan.inputs[source.input]!
  const words = ['-map', `0:${source.stream}`, '-c:s', codec]
  const seconds = span.from - Math.max(storedBesideSeconds, input.seekMarginSeconds)
  const open = text.alone ? { seconds: 0, accurate: false } : { seconds, accurate: false }
  const start = [
    ...quietStart,
    ...inputArguments(input, source.input, open),
    // What begins after its file does is none of its own delay.
    ...(text.alone ? ['-copyts'] : absoluteTimes),
  ]
  const end = ['-avoid_negative_ts', 'disabled', '-progress', '{progress}']
  if (text.alone || !Number.isFinite(span.to)) {
    return [...start, ...words, ...end, ...order, '-f', format, '{output}/0']
  }
  return [
    ...start,
    ...['-map', `0:${pacingStream(plan, source)}`, '-c:v', 'copy', ...words],
    // Not every container has times of display, but all have times of decoding, which come before.
    ...['-bsf:v', `noise=drop=lt(dts*tb\\,${secondsText(span.to + storedBesideSeconds)})`],
    ...['-frames:v', '2', ...end],
    ...[
      '-f',
      'tee',
      `[select=s:f=${format}${order.length > 0 ? ':ignore_readorder=1' : ''}]{output}/0|[select=v:f=null]-`,
    ],
  ]
}

/** The pictures of the text's own file. */
function pacingStream({ video }: Plan, { input }: StreamRef): number {
  if (video.source.input !== input) throw new RangeError('text of another film')
  return video.source.stream
}
