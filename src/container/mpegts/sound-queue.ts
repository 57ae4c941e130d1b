import { ticksBetween } from './timestamp.ts'
import type { AccessUnit } from './units.ts'

/**
 * Frames of sound on their way into segments. They arrive in files cut near the boundaries and leave exactly where
 * FFmpeg's segment muxer puts them: in the earlier segment if and only if they are decoded before the next
 * segment's first picture.
 */
export interface SoundQueue {
  /**
   * Adds the frames of one file; files come in order. Where copied sound has a hole of some segments the first frames behind
   * it stand alone in the files of these, and a lease that begins there has them once more: they are left out then.
   */
  push(frames: readonly AccessUnit[]): void
  /** Removes the frames to be decoded before `dts` (ticks); all of them for null, at the end. */
  takeBefore(dts: number | null): AccessUnit[]
  /** What has not left yet. */
  readonly waiting: readonly AccessUnit[]
  /** When the last frame that was added is decoded, ticks; null before the first. */
  readonly newest: number | null
}

/** Two milliseconds: less than any frame lasts, and more than times are apart that a container has rounded. */
const toleranceTicks = 180

/** @param before what another queue had. */
export function createSoundQueue(before?: Pick<SoundQueue, 'waiting' | 'newest'>): SoundQueue {
  const waiting = [...(before?.waiting ?? [])]
  let newest = before?.newest ?? null
  return {
    waiting,
    get newest() {
      return newest
    },
    push(frames) {
      for (const frame of frames) {
        if (newest !== null && ticksBetween(newest, frame.dts) <= toleranceTicks) continue
        newest = frame.dts
        waiting.push(frame)
      }
    },
    takeBefore: (dts) => {
      const first = dts === null ? -1 : waiting.findIndex((frame) => ticksBetween(frame.dts, dts) <= 0)
      return waiting.splice(0, first === -1 ? waiting.length : first)
    },
  }
}
