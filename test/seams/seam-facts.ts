import { inspectSegment } from '../../src/container/mpegts/inspect.ts'
import { collect, withPath } from '../clips/media-input.ts'
import { type AudioRead, readAudio } from '../clips/read-audio.ts'
import { readFrames } from '../clips/read-frames.ts'
import type { MadeSession } from './lease-runner.ts'

/** What a viewer gets of the pictures of a session. */
export interface Pictures {
  /** `number @ pts`, in showing order. */
  readonly frames: readonly string[]
  readonly segments: readonly SegmentPictures[]
  /** Decoding times of all packets. */
  readonly decodingTimes: readonly number[]
}

/** What is in one segment; ticks are of 1/90000 s. */
export interface SegmentPictures {
  readonly segment: number
  readonly pictures: number
  readonly firstTicks: number
  /** How many ticks earlier the first picture is decoded than shown, without the last digit: rounding. */
  readonly reorderTicks: number
}

export async function picturesOf({ files, segments }: MadeSession): Promise<Pictures> {
  const { frames } = await readFrames(files)
  return {
    frames: frames.map(({ number, pts }) => `${number} @ ${pts}`),
    segments: segments.map(({ bytes, segment }) => {
      const { units, firstPts, firstDts } = inspectSegment(bytes)
      const reorderTicks = Math.round((firstPts! - firstDts!) / 10) * 10
      return { segment, pictures: units, firstTicks: firstPts!, reorderTicks }
    }),
    decodingTimes: await decodingTimes(files),
  }
}

/** Where the decoding time does not rise: empty when all is well. */
export function backwardSteps(times: readonly number[]): string[] {
  return times
    .slice(1)
    .flatMap((time, index) => (time > times[index]! ? [] : [`${times[index]} then ${time}`]))
}

async function decodingTimes(files: readonly string[]): Promise<number[]> {
  return withPath(files, async (path) => {
    const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=dts', '-of', 'json']
    const { stdout } = await collect('ffprobe', ['-v', 'error', ...entries, path])
    const { packets } = JSON.parse(stdout.toString()) as { packets: { dts: number }[] }
    return packets.map(({ dts }) => dts)
  })
}

export const soundOf = ({ files }: MadeSession): Promise<AudioRead> => readAudio(files)

/** Packets of sound that do not lie `ticks` after the one before; fractions are rounded. Empty when all is well. */
export function oddSteps({ packets }: AudioRead, ticks: number): string[] {
  const first = packets[0]?.pts ?? 0
  return packets.flatMap(({ pts }, index) => {
    const due = first + index * ticks
    return Math.abs(pts - due) <= (Number.isInteger(ticks) ? 0 : 1)
      ? []
      : [`packet ${index} at ${pts}, not ${due}`]
  })
}

/** Largest difference of two decoded sounds, as a share of full scale, over all or [from, to) seconds of it. */
export function largestDifference(
  left: AudioRead,
  right: AudioRead,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): number {
  const { sampleRate, channels } = left
  const end = Math.min(left.samples.length, right.samples.length, to * sampleRate * channels)
  let most = 0
  for (let index = Math.round(from * sampleRate) * channels; index < end; index += 1) {
    most = Math.max(most, Math.abs(left.samples[index]! - right.samples[index]!))
  }
  return most
}
