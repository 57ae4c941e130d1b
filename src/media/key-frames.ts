import { type FfprobeOptions, runFfprobe } from './ffprobe.ts'
import { type Rational, rescale, toNumber } from './rational.ts'

/** One video stream of a file, as a probe gives it. */
export interface StreamOfFile {
  readonly index: number
  /** Seconds per tick. */
  readonly timeBase: Rational
}

/** A frame's timestamp in its stream's time base, as the file has it (nothing subtracted). */
export interface FrameTime {
  readonly pts: number
  readonly timeBase: Rational
}

/** Seconds of a frame's timestamp. */
export function frameSeconds(frame: FrameTime): number {
  return frame.pts * toNumber(frame.timeBase)
}

export interface KeyFrameOptions extends FfprobeOptions {
  /**
   * Only about this stretch of the file, seconds of the file's own timestamps: reading begins at a key frame at or
   * before `from` (anywhere before it in formats without an index).
   */
  readonly fromSeconds?: number
  readonly toSeconds?: number
}

/**
 * Timestamps (ticks of the stream's time base, ascending) of a video stream's key frames, by reading packets and
 * decoding nothing. Frames that an edit list hides are left out. Throws as probeMedia does.
 */
export async function readKeyFrames(
  path: string,
  stream: StreamOfFile,
  options: KeyFrameOptions = {},
): Promise<readonly number[]> {
  const { fromSeconds, toSeconds } = options
  const bounded = fromSeconds !== undefined || toSeconds !== undefined
  const interval = bounded ? `${fromSeconds?.toFixed(6) ?? ''}%${toSeconds?.toFixed(6) ?? ''}` : null
  const keys: number[] = []
  await readPackets(path, stream, interval, options, ({ time, key, hidden }) => {
    if (key && !hidden && time !== null) keys.push(time)
    return 'more'
  })
  return keys.sort((a, b) => a - b)
}

/** Seconds before the wanted time at which reading begins; four times as much when that was not early enough. */
const firstMarginSeconds = 2

/** More packets than any codec reorders: where a file gives no decoding times, the search ends after so many. */
const reorderLimit = 64

/**
 * The first frame, in showing order, at or after a time: what an accurate `-ss` hands to filters first. The time is in
 * seconds of the file's own timestamps (`-ss` plus the container's start) and is rounded to the stream's ticks as
 * FFmpeg rounds it. Null where the stream ends before. Reads packets around that place only, however long the file is
 * (up to what the container's own seeking needs); decodes nothing. Throws as probeMedia does.
 */
export async function firstFrameAtOrAfter(
  path: string,
  stream: StreamOfFile,
  seconds: number,
  options: FfprobeOptions = {},
): Promise<FrameTime | null> {
  const wanted = rescale(Math.round(seconds * 1e6), { num: 1, den: 1_000_000 }, stream.timeBase)
  for (let margin = firstMarginSeconds; ; margin *= 4) {
    const start = seconds - margin
    const search = frameSearch(wanted)
    await readPackets(path, stream, start > 0 ? `${start.toFixed(6)}%` : null, options, search.take)
    // Frames decoded before a key frame are shown before it, so one at or before the wanted time proves that none was
    // missed; transport streams are entered anywhere. From the file's beginning there is none to miss.
    if (search.sawKey() || start <= 0) {
      const pts = search.best()
      return pts === null ? null : { pts, timeBase: stream.timeBase }
    }
  }
}

/** A packet of a video stream, as the file has it. */
export interface Packet {
  /** Presentation time, ticks; the decoding time in formats that have no other. */
  readonly time: number | null
  readonly decodingTime: number | null
  readonly key: boolean
  /** Ticks; 0 where the file does not say. */
  readonly duration: number
  /** Decoded but not shown (edit lists). */
  readonly hidden: boolean
}

function frameSearch(wanted: number) {
  let best: number | null = null
  let sawKey = false
  let since = 0
  return {
    best: () => best,
    sawKey: () => sawKey,
    take: ({ time, decodingTime, key, hidden }: Packet): 'more' | 'enough' => {
      if (time !== null && key && time <= wanted) sawKey = true
      if (time !== null && !hidden && time >= wanted && (best === null || time < best)) best = time
      if (best === null) return 'more'
      since += 1
      // No frame is shown before it is decoded, so from here on nothing can come before the best.
      const passed = decodingTime !== null && decodingTime >= best
      return passed || since > reorderLimit ? 'enough' : 'more'
    },
  }
}

/**
 * Hands over a stream's packets in the order of the file until it has enough, decoding nothing. `interval` is
 * ffprobe's -read_intervals, null for all of the file. Throws as probeMedia does.
 */
export async function readPackets(
  path: string,
  stream: StreamOfFile,
  interval: string | null,
  options: FfprobeOptions,
  take: (packet: Packet) => 'more' | 'enough',
): Promise<void> {
  const args = [
    ...(interval === null ? [] : ['-read_intervals', interval]),
    '-select_streams',
    String(stream.index),
    '-show_entries',
    'packet=pts,dts,duration,flags',
    '-of',
    'compact',
  ]
  await runFfprobe(path, args, options, (line) => {
    const packet = parsePacket(line)
    return packet === null ? 'more' : take(packet)
  })
}

/** `packet|pts=3003|dts=N/A|flags=K_`, with `|side_data|...` after it in some files. */
function parsePacket(line: string): Packet | null {
  if (!line.startsWith('packet|')) return null
  const fields = new Map(
    line.split('|').map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  )
  const flags = fields.get('flags') ?? ''
  const decodingTime = ticks(fields.get('dts'))
  return {
    time: ticks(fields.get('pts')) ?? decodingTime,
    decodingTime,
    key: flags.includes('K'),
    duration: ticks(fields.get('duration')) ?? 0,
    hidden: flags.includes('D'),
  }
}

function ticks(text: string | undefined): number | null {
  const value = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isSafeInteger(value) ? value : null
}
