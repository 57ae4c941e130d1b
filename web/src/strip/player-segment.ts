import type { SessionView } from '../../../src/head/api/contract/session-view.ts'

/** Where the player is, in segments and parts of one; null where nobody knows. It plays on until its lead is used up. */
export function playerSegment({ player, timeline }: SessionView, headNowMs: number): number | null {
  if (player === null) return null
  const playedOn = player.isPaused
    ? 0
    : Math.min(Math.max(0, (headNowMs - player.atMs) / 1000), Math.max(0, player.leadSeconds))
  const seconds = player.positionSeconds + playedOn - timeline.startSeconds
  return timeline.firstSegment + seconds / timeline.segmentSeconds
}
