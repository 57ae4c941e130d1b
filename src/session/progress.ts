/**
 * How far a lease's process is, in seconds of source since the lease's first segment. Segments tell of it as they
 * arrive; for pictures the node also reports it every second, so that a process that stands still or has become slow
 * inside a segment is seen before the segment is missed.
 */
export interface Progress {
  /** In segments that have arrived. */
  arrivedSeconds: number
  /** Arrived or reported. */
  madeSeconds: number
  /** When that last grew; before it ever did, when the lease was granted. */
  grewMs: number
  /** When it was last heard of, grown or not. */
  heardMs: number
  /** Where the window began over which the present speed is taken; null before anything was made. */
  window: { readonly ms: number; readonly madeSeconds: number } | null
}

/** A beat every second with progress that ffmpeg tells every half: over less, a speed may be off by more than a half. */
const windowSeconds = 2

export function newProgress(nowMs: number): Progress {
  return { arrivedSeconds: 0, madeSeconds: 0, grewMs: nowMs, heardMs: nowMs, window: null }
}

/** Takes a segment that has arrived. Answers the present speed (seconds of source a second) when a window is full. */
export function takeArrival(progress: Progress, segmentSeconds: number, nowMs: number): number | null {
  progress.arrivedSeconds += segmentSeconds
  return takeMade(progress, progress.arrivedSeconds, nowMs)
}

/** Takes what the process has made by its own account; answers as {@link takeArrival}. */
export function takeMade(progress: Progress, madeSeconds: number, nowMs: number): number | null {
  progress.heardMs = nowMs
  if (madeSeconds <= progress.madeSeconds) return null
  progress.madeSeconds = madeSeconds
  progress.grewMs = nowMs
  const { window } = progress
  const elapsedSeconds = window === null ? 0 : (nowMs - window.ms) / 1000
  if (window !== null && elapsedSeconds < windowSeconds) return null
  progress.window = { ms: nowMs, madeSeconds }
  return window === null ? null : (madeSeconds - window.madeSeconds) / elapsedSeconds
}

/** It goes on after it had to wait: the time until now says nothing. */
export function resume(progress: Progress, nowMs: number): void {
  progress.grewMs = nowMs
  progress.heardMs = nowMs
  progress.window = null
}
