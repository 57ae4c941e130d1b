import { boxAt, MalformedMp4 } from './box.ts'

/** What an init segment says that a reader of its media segments needs. */
export interface InitFacts {
  readonly timescale: number
  /** Where presentation begins in the track, ticks: taken off every time. */
  readonly delay: number
  /** `avc1` or `mp4a`, and its content. */
  readonly entryType: string
  readonly sampleEntry: Buffer
}

/** Reads an init segment of one track. Throws MalformedMp4. */
export function readInitSegment(bytes: Buffer): InitFacts {
  const track = boxAt(bytes, 'moov', 'trak')
  const list = boxAt(track, 'edts', 'elst')
  const description = boxAt(track, 'mdia', 'minf', 'stbl', 'stsd')
  const sampleEntry = description.subarray(8)
  return {
    timescale: boxAt(track, 'mdia', 'mdhd').readUInt32BE(12),
    delay: list.readUInt32BE(12),
    entryType: sampleEntry.toString('latin1', 4, 8),
    sampleEntry,
  }
}

/** A sample as a media segment places it, in ticks of the track, the delay still in them. */
export interface ReadSample {
  readonly decodeTime: number
  readonly showTime: number
  readonly duration: number
  readonly isSync: boolean
  readonly data: Buffer
}

export interface MediaSegmentFacts {
  readonly sequenceNumber: number
  readonly samples: readonly ReadSample[]
  /** The index: earliest time, duration and size of what follows it, as it says. */
  readonly index: { readonly start: number; readonly duration: number; readonly size: number }
}

/** Reads a media segment with one fragment of one track. Throws MalformedMp4 when it is not whole. */
export function readMediaSegment(bytes: Buffer): MediaSegmentFacts {
  const fragment = boxAt(bytes, 'moof')
  const track = boxAt(fragment, 'traf')
  const index = boxAt(bytes, 'sidx')
  const start = fragment.byteOffset - bytes.byteOffset - 8
  return {
    sequenceNumber: boxAt(fragment, 'mfhd').readUInt32BE(4),
    samples: readSamples(bytes.subarray(start), track),
    index: {
      start: Number(index.readBigUInt64BE(12)),
      size: index.readUInt32BE(32) & 0x7fffffff,
      duration: index.readUInt32BE(36),
    },
  }
}

/** The bit of sample flags that says "not a sync sample". */
const notSync = 0x00010000

function readSamples(fromFragment: Buffer, track: Buffer): ReadSample[] {
  const header = boxAt(track, 'tfhd')
  const run = boxAt(track, 'trun')
  const flags = run.readUInt32BE(0) & 0xffffff
  let position = 4
  const next = (): number => {
    position += 4
    if (position > run.length) throw new MalformedMp4('a run that ends before its samples')
    return run.readInt32BE(position - 4)
  }
  const count = next()
  let offset = next()
  const firstFlags = flags & 0x4 ? next() : null
  let decodeTime = Number(boxAt(track, 'tfdt').readBigUInt64BE(4))
  return Array.from({ length: count }, (_, index) => {
    const duration = flags & 0x100 ? next() : header.readUInt32BE(8)
    const size = flags & 0x200 ? next() : header.readUInt32BE(12)
    const own = flags & 0x400 ? next() : header.readUInt32BE(16)
    const sampleFlags = index === 0 && firstFlags !== null ? firstFlags : own
    const showTime = decodeTime + (flags & 0x800 ? next() : 0)
    const data = fromFragment.subarray(offset, offset + size)
    if (data.length < size) throw new MalformedMp4(`sample ${index} is cut off`)
    const sample = { decodeTime, showTime, duration, isSync: (sampleFlags & notSync) === 0, data }
    decodeTime += duration
    offset += size
    return sample
  })
}
