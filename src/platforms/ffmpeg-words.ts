import type { FfmpegFacts } from './capabilities.ts'

/**
 * What FFmpeg calls otherwise, or does otherwise, from 4.4 to 8: commands are compiled in the newest words, and told in
 * older ones to a binary that lacks them.
 */
interface Renamed {
  /** The option as it is called now. */
  readonly word: string
  /** What a binary without it has instead. */
  readonly older: string
}

const renamedOptions: readonly Renamed[] = [
  // Since 5.1; `-vsync` took the same words before.
  { word: '-fps_mode', older: '-vsync' },
  // x264's own list has had both names from the beginning; builds without the old one say so.
  { word: '-x264opts', older: '-x264-params' },
]

/**
 * Bitstream filters behind an encoder count in its own ticks: since 6.0, in which muxers became threads. Before, they
 * counted in the muxer's (measured with 5.1 and 7.0).
 */
const encoderTicks = 'encoder-ticks'

/**
 * libplacebo's choice of what its curve works on. It went with 6.1 or so; without it, before, another way was taken that
 * ends a third brighter.
 */
export const placeboMode = 'libplacebo.tonemapping_mode'

/**
 * The segment muxer counts the times at which it cuts from its first packet: since 6.0 or soon after (5.1 counts from
 * zero, 7.0 from the first packet, both measured).
 */
const cutsFromFirst = 'segment-times-from-first'

/** Words that a binary may lack. */
export const spokenWords: readonly string[] = [
  ...renamedOptions.map(({ word }) => word),
  ...[encoderTicks, cutsFromFirst, placeboMode],
]

/** Debian 12's: what is taken for granted of a node that does not say. */
export const debianFacts: FfmpegFacts = { version: '5.1', lacks: [encoderTicks, cutsFromFirst] }

/** What a release of today lacks. */
export const newestFacts: FfmpegFacts = { version: '8.1', lacks: [placeboMode] }

/**
 * What a binary lacks, by what it prints.
 * @param version the first line of `ffmpeg -version`
 * @param help all of `ffmpeg -h full`
 */
export function factsOf(version: string, help: string): FfmpegFacts {
  const number = /version n?(\S+)/.exec(version)?.[1] ?? ''
  const major = Number(/^(\d+)\./.exec(number)?.[1] ?? Number.NaN)
  const known = new Set(help.match(/^\s*-[A-Za-z0-9_-]+/gm)?.map((word) => word.trim()))
  const lacks = renamedOptions.map(({ word }) => word).filter((word) => !known.has(word))
  // A build from git has no number, and is newer than the last one with muxers' ticks.
  if (major < 6) lacks.push(encoderTicks, cutsFromFirst)
  if (!/^\s+tonemapping_mode\s/m.test(help)) lacks.push(placeboMode)
  return { version: number, lacks }
}

/** A command in the words of a binary. */
export function spoken(args: readonly string[], { lacks }: FfmpegFacts): readonly string[] {
  const older = new Map(
    renamedOptions.filter(({ word }) => lacks.includes(word)).map((row) => [row.word, row.older]),
  )
  return older.size === 0 ? args : args.map((arg) => older.get(arg) ?? arg)
}

/** Ticks per second of the muxer of transport streams. */
const transportTicks = 90_000

/** Ticks per second in which bitstream filters behind an encoder count, whose own are given. */
export function filterTicks({ lacks }: FfmpegFacts, encoderTicksPerSecond: number): number {
  return lacks.includes(encoderTicks) ? transportTicks : encoderTicksPerSecond
}

/** The time of a packet that is copied, in seconds, as bitstream filters on its way to a transport stream can reckon it. */
export function copiedTime({ lacks }: FfmpegFacts): string {
  return lacks.includes(encoderTicks) ? `pts/${transportTicks}` : 'pts*tb'
}

/** Whether times of cuts are counted from a lease's first packet, so that it has to be known which one that is. */
export function countsFromFirst({ lacks }: FfmpegFacts): boolean {
  return !lacks.includes(cutsFromFirst)
}

/** What times of cuts are counted from, when a lease's first packet is at `firstSeconds`. */
export function cutOrigin(facts: FfmpegFacts, firstSeconds: number): number {
  return countsFromFirst(facts) ? firstSeconds : 0
}
