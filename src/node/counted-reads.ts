import type { InputSource } from './input-source.ts'

/** How the media of a lease is read. */
export interface ReadCount {
  /** Pieces that have been asked for so far. */
  readonly begun: number
  /** Those that have not come yet. */
  readonly outstanding: number
}

/** Counts what is read of the inputs of one lease. */
export class CountedReads implements ReadCount {
  begun = 0
  outstanding = 0

  /** The same source; every read of it is counted. */
  of(source: InputSource): InputSource {
    return {
      size: source.size,
      blockBytes: source.blockBytes,
      readBlock: async (index, signal) => {
        this.begun += 1
        this.outstanding += 1
        try {
          return await source.readBlock(index, signal)
        } finally {
          this.outstanding -= 1
        }
      },
    }
  }
}
