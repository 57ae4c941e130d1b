import type { SessionView } from '../../../src/head/api/contract/session-view.ts'
import { clockText, lengthText } from './times.ts'

/** How far a session is, e.g. `12:40 of 1:42:00`, with what the player has in hand. */
export function placeText({ timeline, publishedSegments, player }: SessionView): string {
  const { firstSegment, endSegment, startSeconds, segmentSeconds } = timeline
  const reached = clockText(startSeconds + publishedSegments * segmentSeconds)
  const end =
    endSegment === null ? '' : ` of ${clockText(startSeconds + (endSegment - firstSegment) * segmentSeconds)}`
  const lead =
    player === null
      ? ''
      : player.leadSeconds > 0
        ? `, ${lengthText(player.leadSeconds)} ahead`
        : ', the player waits'
  return `${reached}${end}${lead}`
}
