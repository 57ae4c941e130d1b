/**
 * What a player has and has seen of one job: it begins with the first segment, plays faster than a real one, and waits
 * where nothing is announced yet.
 */
export interface Player {
  /** So much of the film is announced now, seconds since the job's first segment. */
  announced(seconds: number, nowMs: number): void
  /** Seconds that are announced and not yet played. */
  leadSeconds(nowMs: number): number
  /** For how long it has had nothing to play, the time before the first segment not counted. */
  stalledMs(nowMs: number): number
}

/** `speed`: film seconds shown in one second. */
export function createPlayer(speed: number): Player {
  let announcedSeconds = 0
  let playedSeconds = 0
  let stalledMs = 0
  let lastMs: number | null = null
  const playUntil = (nowMs: number): void => {
    if (lastMs === null) return
    const wanted = ((nowMs - lastMs) / 1000) * speed
    const played = Math.min(wanted, announcedSeconds - playedSeconds)
    playedSeconds += played
    stalledMs += ((wanted - played) / speed) * 1000
    lastMs = nowMs
  }
  return {
    announced(seconds, nowMs) {
      playUntil(nowMs)
      announcedSeconds = Math.max(announcedSeconds, seconds)
      lastMs ??= nowMs
    },
    leadSeconds(nowMs) {
      playUntil(nowMs)
      return announcedSeconds - playedSeconds
    },
    stalledMs(nowMs) {
      playUntil(nowMs)
      return stalledMs
    },
  }
}
