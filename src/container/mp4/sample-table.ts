import { box, fullBox, u32, u64 } from './box.ts'

/** What of a sample goes into the index. Times are ticks of the track. */
export interface IndexedSample {
  readonly size: number
  readonly duration: number
  readonly compositionOffset: number
  readonly isSync: boolean
}

/** Numbers in a row that are the same: how many, and which. */
type Runs = { count: number; value: number }[]

/**
 * The index of a track of a whole file: sizes, times and places of its samples, in decoding order. A film of hours has
 * some hundred thousand; what repeats is kept as runs.
 */
export class SampleTable {
  readonly #sizes: number[] = []
  readonly #durations: Runs = []
  readonly #offsets: Runs = []
  readonly #syncs: number[] = []
  readonly #chunkPositions: number[] = []
  readonly #chunkSizes: Runs = []
  #ticks = 0

  /** How long all samples last. */
  get ticks(): number {
    return this.#ticks
  }

  get count(): number {
    return this.#sizes.length
  }

  /** Samples that stand one behind the other in the file, from this position on. */
  addChunk(position: number, samples: readonly IndexedSample[]): void {
    if (samples.length === 0) return
    this.#chunkPositions.push(position)
    extend(this.#chunkSizes, samples.length)
    for (const { size, duration, compositionOffset, isSync } of samples) {
      this.#sizes.push(size)
      extend(this.#durations, duration)
      extend(this.#offsets, compositionOffset)
      if (isSync) this.#syncs.push(this.#sizes.length)
      this.#ticks += duration
    }
  }

  /** The box `stbl` with this description of the samples. */
  box(sampleEntry: Buffer): Buffer {
    const allAreSync = this.#syncs.length === this.#sizes.length
    const noneWaits = this.#offsets.every(({ value }) => value === 0)
    return box(
      'stbl',
      fullBox('stsd', 0, 0, u32(1), sampleEntry),
      runBox('stts', this.#durations),
      ...(noneWaits ? [] : [runBox('ctts', this.#offsets)]),
      ...(allAreSync ? [] : [fullBox('stss', 0, 0, u32(this.#syncs.length), numbers(this.#syncs))]),
      this.#chunkBox(),
      fullBox('stsz', 0, 0, u32(0, this.#sizes.length), numbers(this.#sizes)),
      this.#positionBox(),
    )
  }

  /** From which chunk on there are how many samples in each. */
  #chunkBox(): Buffer {
    let first = 1
    const entries = this.#chunkSizes.flatMap(({ count, value }) => {
      const entry = [first, value, 1]
      first += count
      return entry
    })
    return fullBox('stsc', 0, 0, u32(this.#chunkSizes.length), numbers(entries))
  }

  #positionBox(): Buffer {
    const positions = this.#chunkPositions
    const isLarge = (positions.at(-1) ?? 0) >= 2 ** 32
    if (!isLarge) return fullBox('stco', 0, 0, u32(positions.length), numbers(positions))
    return fullBox('co64', 0, 0, u32(positions.length), Buffer.concat(positions.map(u64)))
  }
}

function extend(runs: Runs, value: number): void {
  const last = runs.at(-1)
  if (last?.value === value) last.count += 1
  else runs.push({ count: 1, value })
}

function runBox(type: string, runs: Runs): Buffer {
  return fullBox(type, 0, 0, u32(runs.length), numbers(runs.flatMap(({ count, value }) => [count, value])))
}

/** As u32(), for lists that are too long for arguments. */
function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}
