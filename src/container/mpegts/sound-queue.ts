import { ticksBetween } from './timestamp.ts'
import type { AccessUnit } from './units.ts'

/**
 * Frames of sound on their way into segments. They arrive in files cut near the boundaries and leave exactly where
 * FFmpeg's segment muxer puts them: in the earlier segment if and only if they are decoded before the next
 * segment's first picture.
 */
export interface SoundQueue {
  /** Adds the frames of one file; files come in order. */
  push(frames: readonly AccessUnit[]): void
  /** Removes the frames to be decoded before `dts` (ticks); all of them for null, at the end. */
  takeBefore(dts: number | null): AccessUnit[]
  /** What has not left yet. */
  readonly waiting: readonly AccessUnit[]
}

/** @param before what another queue had waiting. */
export function createSoundQueue(before: readonly AccessUnit[] = []): SoundQueue {
  const waiting = [...before]
  return {
    waiting,
    push: (frames) => {
      waiting.push(...frames)
    },
    takeBefore: (dts) => {
      const first = dts === null ? -1 : waiting.findIndex((frame) => ticksBetween(frame.dts, dts) <= 0)
      return waiting.splice(0, first === -1 ? waiting.length : first)
    },
  }
}
