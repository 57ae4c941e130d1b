import { isDeepStrictEqual } from 'node:util'
import type { Changed } from '../contract/events.ts'
import type { PlayerView, SessionView } from '../contract/session-view.ts'

/** The fields of a thing that are not as they were; null when all are. */
export function changedFields<T extends { readonly id: string }>(
  before: T | undefined,
  after: T,
): Changed<T> | null {
  if (!before) return after
  const changed = Object.entries(after).filter(
    ([name, value]) => !isDeepStrictEqual(value, before[name as keyof T]),
  )
  if (changed.length === 0) return null
  return { ...Object.fromEntries(changed), id: after.id } as Changed<T>
}

/** A player that has gone on as it was expected to is no news. */
const playerToleranceSeconds = 0.5

/** A session without what the reader knows already or hears in another event: its segments, and a player that plays on. */
export function quietened(before: SessionView | undefined, after: SessionView): SessionView {
  if (!before) return after
  const player = isExpected(before.player, after.player) ? before.player : after.player
  return { ...after, player, segments: before.segments }
}

function isExpected(before: PlayerView | null, after: PlayerView | null): boolean {
  if (!before || !after) return before === after
  if (before.isPaused !== after.isPaused) return false
  const seconds = before.isPaused ? 0 : (after.atMs - before.atMs) / 1000
  const playedSeconds = Math.min(seconds, Math.max(0, before.leadSeconds))
  const hasEnd = (player: PlayerView) => player.positionSeconds + Math.max(0, player.leadSeconds)
  return (
    Math.abs(hasEnd(after) - hasEnd(before)) < 0.01 &&
    Math.abs(after.positionSeconds - before.positionSeconds - playedSeconds) < playerToleranceSeconds
  )
}
