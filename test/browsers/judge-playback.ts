import { decodeStrip } from '../clips/strip.ts'
import type { Playback, Stretch } from './playback.ts'

/** Longer than this without a new frame is a stall, once it plays. */
const longestPauseMilliseconds = 250

/** How far from its time a picture may be in all of a film: players lay the earliest sound at the start of time. */
const largestOffsetFrames = 4
/** And how far from the others. */
const toleranceFrames = 1

/** What a viewer saw of one stretch. */
export interface Seen {
  readonly fromSeconds: number
  readonly frames: number
  readonly longestPauseMilliseconds: number
  /** In sentences: none when there was none. */
  readonly stalls: readonly string[]
  /** What cannot be blamed on a slow machine: pictures of another time, times that go back or leave something out. */
  readonly faults: readonly string[]
}

/** Judges all stretches of a film of numbered frames. */
export function judgePlayback({ stretches }: Playback, framesPerSecond: number): Seen[] {
  const offset = offsetOf(stretches[0], framesPerSecond)
  return stretches.map((stretch) => judgeStretch(stretch, framesPerSecond, offset))
}

/** Frames by which the first picture is ahead of its time: all others of the film are to be as far. */
function offsetOf(stretch: Stretch | undefined, framesPerSecond: number): number {
  const first = stretch?.frames[0]
  const number = first ? decodeStrip(first.strip) : null
  const offset = first && number !== null ? number - first.mediaSeconds * framesPerSecond : 0
  return Math.abs(offset) <= largestOffsetFrames ? offset : 0
}

function judgeStretch(stretch: Stretch, framesPerSecond: number, offset: number): Seen {
  const { fromSeconds, endedAtMilliseconds } = stretch
  const [still, ...playing] = stretch.frames
  const ends = [...playing.slice(1).map(({ atMilliseconds }) => atMilliseconds), endedAtMilliseconds]
  const pauses = playing.map(({ atMilliseconds, mediaSeconds }, index) => ({
    mediaSeconds,
    milliseconds: ends[index]! - atMilliseconds,
  }))
  const stalls = pauses
    .filter(({ milliseconds }) => milliseconds > longestPauseMilliseconds)
    .map(
      ({ mediaSeconds, milliseconds }) =>
        `${Math.round(milliseconds)} ms without a new frame at ${mediaSeconds.toFixed(3)} s`,
    )
  const first = still?.mediaSeconds ?? Number.NaN
  const isThere = Math.abs(first - fromSeconds) <= largestOffsetFrames / framesPerSecond
  return {
    fromSeconds,
    frames: stretch.frames.length,
    longestPauseMilliseconds: Math.max(0, ...pauses.map(({ milliseconds }) => milliseconds)),
    stalls,
    faults: [
      ...(isThere ? [] : [`it begins at ${first} s instead of ${fromSeconds} s`]),
      ...pictureFaults(stretch, framesPerSecond, offset),
    ],
  }
}

function pictureFaults({ frames }: Stretch, framesPerSecond: number, offset: number): string[] {
  return frames.flatMap((frame, index) => {
    const { mediaSeconds, atMilliseconds } = frame
    const faults: string[] = []
    const at = `at ${mediaSeconds.toFixed(3)} s`
    const number = decodeStrip(frame.strip)
    const late = (Math.max(0, frame.readAtMilliseconds - atMilliseconds) / 1000) * framesPerSecond
    const ahead = (number ?? 0) - mediaSeconds * framesPerSecond - offset
    if (number === null) faults.push(`${at} the picture cannot be read`)
    else if (ahead < -toleranceFrames || ahead > toleranceFrames + late)
      faults.push(`${at} frame ${number} is shown`)
    const before = frames[index - 1]
    if (!before) return faults
    const step = (mediaSeconds - before.mediaSeconds) * 1000
    const elapsed = atMilliseconds - before.atMilliseconds
    if (step <= 0) faults.push(`${at} time has gone back by ${Math.round(-step)} ms`)
    if (step - elapsed > longestPauseMilliseconds)
      faults.push(`${at} the player has left out ${Math.round(step - elapsed)} ms`)
    return faults
  })
}
