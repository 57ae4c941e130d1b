import type { MediaLetter } from './options/row.ts'
import type { StreamCondition, StreamSpecifier } from './stream-specifier.ts'

/** What is known of one stream of a file. What is left out is unknown, and no condition on it holds. */
export interface StreamFacts {
  readonly media: Exclude<MediaLetter, 'V'>
  /** The stream's id in its container. */
  readonly id?: number
  readonly programs?: readonly number[]
  readonly tags?: Readonly<Record<string, string>>
  /** `default`, `forced`, `attached_pic`... */
  readonly dispositions?: readonly string[]
}

/**
 * The streams of a file that a specifier means.
 * @param streams all streams of the file, in order.
 * @returns positions in `streams`, ascending; none where FFmpeg would find none.
 */
export function selectStreams(
  specifier: StreamSpecifier,
  streams: readonly StreamFacts[],
): readonly number[] {
  let positions = streams.map((_, position) => position)
  for (const condition of specifier.conditions) {
    positions =
      condition.kind === 'index'
        ? positions.filter((_, place) => place === condition.index)
        : positions.filter((position) => holds(condition, streams[position] as StreamFacts))
  }
  return positions
}

function holds(condition: Exclude<StreamCondition, { kind: 'index' }>, stream: StreamFacts): boolean {
  switch (condition.kind) {
    case 'media':
      return isMedia(stream, condition.media)
    case 'id':
      return stream.id === condition.id
    case 'program':
      return stream.programs?.includes(condition.program) ?? false
    case 'tag': {
      const value = stream.tags?.[condition.key]
      return value !== undefined && (condition.value === null || condition.value === value)
    }
    case 'disposition':
      return condition.names.every((name) => stream.dispositions?.includes(name))
    // Groups and usability are known only to an open file, so nothing is claimed about them here.
    case 'group':
    case 'usable':
      return false
  }
}

/** Whether a stream is of a specifier's media type; `V` leaves out cover pictures. */
export function isMedia(stream: StreamFacts, media: MediaLetter): boolean {
  if (media !== 'V') return stream.media === media
  return stream.media === 'v' && !(stream.dispositions?.includes('attached_pic') ?? false)
}
