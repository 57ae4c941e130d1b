import { boxAt, readBoxes } from '../box.ts'

/** A track of a whole file as its index says it. */
export interface ReadTrack {
  readonly kind: string
  readonly timescale: number
  /** Ticks of the movie without anything, then where in the track it goes on, and for how many ticks of the movie. */
  readonly edits: readonly { readonly duration: number; readonly mediaTime: number }[]
  readonly language: string
  readonly samples: readonly ReadMovieSample[]
}

export interface ReadMovieSample {
  readonly decodeTime: number
  readonly showTime: number
  readonly duration: number
  readonly isSync: boolean
  readonly data: Buffer
}

/** The tracks of a whole file, read by the index alone, with the movie's ticks per second. */
export function readMovie(file: Buffer): {
  readonly timescale: number
  readonly tracks: readonly ReadTrack[]
} {
  const movie = boxAt(file, 'moov')
  const tracks = readBoxes(movie).filter(({ type }) => type === 'trak')
  return {
    timescale: boxAt(movie, 'mvhd').readUInt32BE(20),
    tracks: tracks.map(({ content }) => readTrack(file, content)),
  }
}

function readTrack(file: Buffer, track: Buffer): ReadTrack {
  const media = boxAt(track, 'mdia')
  const header = boxAt(media, 'mdhd')
  const code = header.readUInt16BE(32)
  const list = boxAt(track, 'edts', 'elst')
  return {
    kind: boxAt(media, 'hdlr').toString('latin1', 8, 12),
    timescale: header.readUInt32BE(20),
    edits: Array.from({ length: list.readUInt32BE(4) }, (_, index) => ({
      duration: Number(list.readBigUInt64BE(8 + index * 20)),
      mediaTime: Number(list.readBigInt64BE(16 + index * 20)),
    })),
    language: String.fromCharCode(...[10, 5, 0].map((shift) => ((code >> shift) & 31) + 0x60)),
    samples: readSamples(file, boxAt(media, 'minf', 'stbl')),
  }
}

function readSamples(file: Buffer, tables: Buffer): ReadMovieSample[] {
  const has = (type: string) => readBoxes(tables).some((inner) => inner.type === type)
  const sizes = words(boxAt(tables, 'stsz')).slice(3)
  const durations = repeated(words(boxAt(tables, 'stts')))
  const offsets = has('ctts') ? repeated(words(boxAt(tables, 'ctts'))) : []
  const syncs = has('stss') ? new Set(words(boxAt(tables, 'stss')).slice(2)) : null
  const positions = samplePositions(tables, sizes, has('co64'))
  let decodeTime = 0
  return sizes.map((size, index) => {
    const duration = durations[index]!
    const at = positions[index]!
    const sample = {
      ...{ decodeTime, duration, showTime: decodeTime + (offsets[index] ?? 0) },
      ...{ isSync: syncs?.has(index + 1) ?? true, data: file.subarray(at, at + size) },
    }
    decodeTime += duration
    return sample
  })
}

function samplePositions(tables: Buffer, sizes: readonly number[], isLarge: boolean): number[] {
  const chunks = isLarge
    ? Array.from({ length: boxAt(tables, 'co64').readUInt32BE(4) }, (_, index) =>
        Number(boxAt(tables, 'co64').readBigUInt64BE(8 + index * 8)),
      )
    : words(boxAt(tables, 'stco')).slice(2)
  const runs = words(boxAt(tables, 'stsc')).slice(2)
  const positions: number[] = []
  let run = 0
  for (const [index, chunk] of chunks.entries()) {
    while (runs[(run + 1) * 3] !== undefined && runs[(run + 1) * 3]! <= index + 1) run += 1
    let at = chunk
    for (let left = runs[run * 3 + 1]!; left > 0; left--) {
      positions.push(at)
      at += sizes[positions.length - 1] ?? 0
    }
  }
  return positions
}

const words = (bytes: Buffer): number[] =>
  Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32BE(index * 4))

function repeated(entries: readonly number[]): number[] {
  const all: number[] = []
  for (let at = 2; at + 1 < entries.length; at += 2) {
    for (let count = entries[at]!; count > 0; count--) all.push(entries[at + 1]!)
  }
  return all
}
