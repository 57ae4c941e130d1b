import { box, fullBox, u16, u32, u64 } from './box.ts'

/** A picture or a frame of sound, in decoding order. Times are ticks of the track's timescale. */
export interface Sample {
  readonly data: Buffer
  readonly duration: number
  /** How long after it is decoded it is shown, in the track's own times: 0 or more. */
  readonly compositionOffset: number
  /** A decoder can begin here. */
  readonly isSync: boolean
}

export interface MediaSegment {
  readonly sequenceNumber: number
  /** Decoding time of the first sample in the track. */
  readonly decodeTime: number
  readonly timescale: number
  readonly samples: readonly Sample[]
}

const trackId = 1

/** Sample flags of ISO/IEC 14496-12, 8.8.3.1: depends on no other, or on others and is no sync sample. */
const syncFlags = 0x02000000
const otherFlags = 0x01010000

/** A media segment as FFmpeg's DASH muxer writes it: styp, sidx with one entry, one fragment. */
export function mediaSegment(segment: MediaSegment): Buffer {
  const data = box('mdat', ...segment.samples.map((sample) => sample.data))
  const fragment = movieFragment(segment)
  const brands = Buffer.concat([Buffer.from('msdh'), u32(0), Buffer.from('msdhmsix')])
  const size = fragment.length + data.length
  return Buffer.concat([box('styp', brands), segmentIndex(segment, size), fragment, data])
}

/** Ticks that a segment lasts. */
export function segmentDuration(samples: readonly Sample[]): number {
  return samples.reduce((sum, sample) => sum + sample.duration, 0)
}

/** Bits of an index entry that say: begins with a sync sample. */
const startsWithSync = 0x80000000

function segmentIndex({ timescale, decodeTime, samples }: MediaSegment, size: number): Buffer {
  const isSync = samples[0]?.isSync ?? false
  return fullBox(
    ...(['sidx', 1, 0] as const),
    ...[u32(trackId, timescale), u64(decodeTime), u64(0), u16(0, 1)],
    u32(size, segmentDuration(samples), isSync ? startsWithSync : 0),
  )
}

/** Bits of tfhd: offsets count from the moof; a default duration, size and flags follow. */
const headerFlags = 0x020038

/** Bits of trun: which fields there are, for the run and for each sample. */
const runFlags = {
  dataOffset: 0x1,
  firstFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  flags: 0x400,
  offset: 0x800,
}

function movieFragment(segment: MediaSegment): Buffer {
  const { sequenceNumber, decodeTime, samples } = segment
  const first = samples[0]
  const onlyFirstIsSync = samples.every(({ isSync }, index) => isSync === (index === 0))
  const allAreSync = samples.every(({ isSync }) => isSync)
  const layout: RunLayout = {
    firstFlags: onlyFirstIsSync && !allAreSync,
    flags: !onlyFirstIsSync && !allAreSync,
    duration: samples.some(({ duration }) => duration !== first?.duration),
    offset: samples.some(({ compositionOffset }) => compositionOffset !== 0),
  }
  const defaults = u32(
    trackId,
    first?.duration ?? 0,
    first?.data.length ?? 0,
    allAreSync ? syncFlags : otherFlags,
  )
  const withOffset = (dataOffset: number): Buffer =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequenceNumber)),
      box(
        'traf',
        fullBox('tfhd', 0, headerFlags, defaults),
        fullBox('tfdt', 1, 0, u64(decodeTime)),
        trackRun(samples, layout, dataOffset),
      ),
    )
  // The offset does not change the size of the box that it depends on.
  return withOffset(withOffset(0).length + 8)
}

interface RunLayout {
  readonly firstFlags: boolean
  readonly flags: boolean
  readonly duration: boolean
  readonly offset: boolean
}

function trackRun(samples: readonly Sample[], layout: RunLayout, dataOffset: number): Buffer {
  const flags =
    runFlags.dataOffset |
    runFlags.size |
    (layout.firstFlags ? runFlags.firstFlags : 0) |
    (layout.duration ? runFlags.duration : 0) |
    (layout.flags ? runFlags.flags : 0) |
    (layout.offset ? runFlags.offset : 0)
  const fields = samples.flatMap((sample) => [
    ...(layout.duration ? [sample.duration] : []),
    sample.data.length,
    ...(layout.flags ? [sample.isSync ? syncFlags : otherFlags] : []),
    ...(layout.offset ? [sample.compositionOffset] : []),
  ])
  const start = [samples.length, dataOffset, ...(layout.firstFlags ? [syncFlags] : [])]
  return fullBox('trun', 0, flags, u32(...start, ...fields))
}
