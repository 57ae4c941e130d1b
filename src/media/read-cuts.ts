import type { CutFinder } from './cut-points.ts'
import type { FfprobeOptions } from './ffprobe.ts'
import { type Packet, readPackets, type StreamOfFile } from './key-frames.ts'
import { toNumber } from './rational.ts'

export interface CutReading extends FfprobeOptions {
  /** What the container begins with, seconds of its own timestamps: slots count from there. */
  readonly startSeconds: number
  /** Where FFmpeg's seek begins, seconds from the container's start; 0 for a job from the beginning. */
  readonly fromSeconds: number
  /** How far to read at least, seconds from the container's start; and on to the next cut. */
  readonly untilSeconds: number
}

/** Seconds before the last cut at which reading on begins: in formats without an index a seek may land late. */
const marginsSeconds = [-0.001, 12, Number.POSITIVE_INFINITY]

/**
 * Reads on in a source until a cut is found at or after `untilSeconds`, or the source ends; decodes nothing. Reading
 * begins where FFmpeg's own seek begins, so that the first key frame is the one that a copy begins with. Throws as
 * probeMedia does.
 */
export async function readCuts(
  path: string,
  stream: StreamOfFile,
  cuts: CutFinder,
  reading: CutReading,
): Promise<void> {
  if (cuts.endSlot !== null) return
  const tick = toNumber(stream.timeBase)
  const { startSeconds, fromSeconds, untilSeconds } = reading
  const last = cuts.starts.at(-1)
  const places = last === undefined ? [fromSeconds] : marginsSeconds.map((margin) => last * tick - margin)
  for (const place of places) {
    cuts.rewind()
    const search = new Search(cuts, Math.round(startSeconds / tick), untilSeconds / tick)
    const interval = place > 0 ? `${(place + startSeconds).toFixed(6)}%` : null
    await readPackets(path, stream, interval, reading, search.take)
    if (search.hasEnough) return
    if (cuts.hasBegun) return cuts.finish()
  }
  cuts.finish()
}

class Search {
  readonly #cuts: CutFinder
  readonly #startTicks: number
  readonly #untilSlot: number
  readonly #known: number
  hasEnough = false

  constructor(cuts: CutFinder, startTicks: number, untilSlot: number) {
    this.#cuts = cuts
    this.#startTicks = startTicks
    this.#untilSlot = untilSlot
    this.#known = cuts.starts.length
  }

  take = ({ time, decodingTime, key, duration }: Packet): 'more' | 'enough' => {
    const slotOf = (ticks: number | null) => (ticks === null ? null : ticks - this.#startTicks)
    this.#cuts.take({ shown: slotOf(time), decoded: slotOf(decodingTime), key, duration })
    const { starts } = this.#cuts
    this.hasEnough = starts.length > Math.max(1, this.#known) && starts.at(-1)! >= this.#untilSlot
    return this.hasEnough ? 'enough' : 'more'
  }
}
