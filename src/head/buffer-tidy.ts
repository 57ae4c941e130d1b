import { collectGarbage, type GarbageKind } from '../cluster/memory-tidy.ts'

/** Keeps a head small through which many segments pass: V8 sees its own small heap, and hardly the buffers beside it. */
export interface BufferTidy {
  /** So many bytes of segments passed through memory. */
  handled(bytes: number): void
}

export interface BufferTidyOptions {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  /** Bytes in buffers now, whether anybody holds them or not. */
  readonly buffered?: () => number
  readonly collect?: (kind: GarbageKind) => void
}

/**
 * A collection of the young costs a head of 100 sessions a millisecond or two; they pass so much in a quarter of a second,
 * and what came by TLS lies beside it in pieces, twice as much again.
 */
const youngBytes = 8 * 1024 * 1024

/** Buffers that outlived two of those go with a collection of all alone, which costs some ten times as much. */
const mostBytes = 96 * 1024 * 1024
const leastMs = 2_000

export function createBufferTidy(options: BufferTidyOptions): BufferTidy {
  const { now, buffered = () => process.memoryUsage().arrayBuffers, collect = collectGarbage } = options
  let sinceYoung = 0
  let allMs = Number.NEGATIVE_INFINITY
  return {
    handled(bytes) {
      sinceYoung += bytes
      if (sinceYoung < youngBytes) return
      sinceYoung = 0
      const isDue = now() - allMs >= leastMs && buffered() > mostBytes
      if (isDue) allMs = now()
      collect(isDue ? 'all' : 'young')
    },
  }
}
