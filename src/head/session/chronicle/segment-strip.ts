/** What is recorded of one segment of pictures. */
export interface StripRow {
  readonly segment: number
  readonly node: string
  readonly attempt: string
  /** Milliseconds since 1970; null before it was announced. */
  readonly publishedAtMs: number | null
  /** A second lease was begun for it, since the first would have come too late. */
  readonly isHedged: boolean
  /** A lease on it before was lost or failed. */
  readonly isLeasedAgain: boolean
}

/** Who made which segment and when it was published, for the whole session: a few bytes for each. */
export interface SegmentStrip {
  /** A copy was kept: the first that arrived. */
  arrived(segment: number, node: string, attempt: string): void
  published(segment: number, atMs: number): void
  hedged(segment: number): void
  /** What is missing of [from, to) has to be leased again. */
  missing(from: number, to: number): void
  /** Those that arrived, ascending by number; of the last so many numbers only, where that is told. */
  rows(last?: number): StripRow[]
  row(segment: number): StripRow | undefined
  readonly publishedCount: number
}

interface Maker {
  readonly node: string
  readonly attempt: string
}

const hedgedBit = 1
const againBit = 2

/** An empty strip. Numbers below `firstSegment` are of an earlier head and left out. */
export function createSegmentStrip(firstSegment: number): SegmentStrip {
  const makers: Maker[] = []
  const numberOf = new Map<string, number>()
  // Columns by segment: an object for each would cost a session of two hours four times as much.
  const makerNumbers: number[] = []
  const publishedAt: number[] = []
  const bits: number[] = []
  const gaps: { readonly from: number; readonly to: number }[] = []
  let publishedCount = 0

  /** Null for a segment that is not on the strip. */
  const place = (segment: number): number | null => {
    const index = segment - firstSegment
    if (index < 0) return null
    while (makerNumbers.length <= index) {
      makerNumbers.push(-1)
      publishedAt.push(0)
      bits.push(0)
    }
    return index
  }
  const mark = (segment: number, bit: number): void => {
    const index = place(segment)
    if (index !== null) bits[index] = (bits[index] ?? 0) | bit
  }
  const rowAt = (index: number): StripRow | undefined => {
    const maker = makers[makerNumbers[index] ?? -1]
    if (!maker) return undefined
    const [at = 0, flags = 0] = [publishedAt[index], bits[index]]
    // Written out: of these there are a hundred thousand in a snapshot of a large fleet.
    return {
      segment: firstSegment + index,
      node: maker.node,
      attempt: maker.attempt,
      publishedAtMs: at === 0 ? null : at,
      isHedged: (flags & hedgedBit) !== 0,
      isLeasedAgain: (flags & againBit) !== 0,
    }
  }
  return {
    arrived(segment, node, attempt) {
      const index = place(segment)
      if (index === null) return
      let number = numberOf.get(attempt)
      if (number === undefined) {
        number = makers.push({ node, attempt }) - 1
        numberOf.set(attempt, number)
      }
      makerNumbers[index] = number
      if (gaps.some(({ from, to }) => segment >= from && segment < to)) mark(segment, againBit)
    },
    published(segment, atMs) {
      const index = place(segment)
      if (index === null) return
      if (publishedAt[index] === 0) publishedCount += 1
      publishedAt[index] = atMs
    },
    hedged: (segment) => mark(segment, hedgedBit),
    missing(from, to) {
      if (to > from) gaps.push({ from, to })
    },
    rows(last = makerNumbers.length) {
      const rows: StripRow[] = []
      for (let index = Math.max(0, makerNumbers.length - last); index < makerNumbers.length; index++) {
        const row = rowAt(index)
        if (row) rows.push(row)
      }
      return rows
    },
    row: (segment) => rowAt(segment - firstSegment),
    get publishedCount() {
      return publishedCount
    },
  }
}
