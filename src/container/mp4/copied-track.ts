import { type Rational, rescale, toNumber } from '../../media/rational.ts'
import { ticksBetween, ticksPerSecond } from '../mpegts/timestamp.ts'
import type { AccessUnit } from '../mpegts/units.ts'
import { MalformedMp4 } from './box.ts'
import type { Track } from './init-segment.ts'
import type { Sample } from './media-segment.ts'
import type { ParameterSets } from './parameter-sets.ts'
import type { PictureCodec, PictureDescription } from './picture-codec.ts'
import { firstDescription, leastTimescale, pictureData, trackOf } from './picture-track.ts'

/** What all segments of copied pictures of a session share: times are those of the source, at whatever distance. */
export interface CopiedTrack {
  readonly codec: PictureCodec
  readonly sets: ParameterSets
  readonly description: PictureDescription
  readonly track: Track
  /** Ticks of the first picture of all where decoding times count from there; else they are those of the source. */
  readonly origin: number
}

/** Ticks so long in a source are replaced by those that the stream itself counts in (FFmpeg, copying into DASH). */
const longestSourceTick = 1 / 500

/**
 * Ticks per second of the track of copied pictures: those of the stream's own clock where it has one that is coarser than
 * the file's, doubled up to what FFmpeg's muxer wants at least. H.264 counts fields.
 */
export function copiedTimescale({ tick, ticksPerPicture }: PictureDescription, rate: Rational): number {
  const sourceTick = 1 / toNumber(rate)
  let timescale = rate.num
  if (tick && tick.unitsInTick > 0 && tick.timeScale > 0 && sourceTick < longestSourceTick) {
    const { unitsInTick, timeScale } = tick
    const isCoarser = (ticksPerPicture * unitsInTick) / timeScale > sourceTick
    if (isCoarser) timescale = timeScale / greatestCommonDivisor(unitsInTick, timeScale)
  }
  while (timescale < leastTimescale) timescale *= 2
  return timescale
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right)
}

/**
 * The track, from the pictures of the first segment. FFmpeg's muxer lets a film from its beginning count from its first
 * picture and says in the edit list, in whole milliseconds, when that is shown; after a seek the times in the fragments
 * say so. Throws MalformedMp4 when the pictures begin without parameter sets.
 */
export function copiedTrack(
  units: readonly AccessUnit[],
  rate: Rational,
  codec: PictureCodec,
  begin: { readonly firstSlot: number; readonly fromStart: boolean },
): CopiedTrack {
  const { first, sets, description } = firstDescription(units, codec)
  const timescale = copiedTimescale(description, rate)
  const delay = Math.round((ticksBetween(first.dts, first.pts) * timescale) / ticksPerSecond)
  const track = trackOf(description, timescale, Math.max(0, delay))
  const origin = begin.fromStart ? Math.max(0, slotTicks(begin.firstSlot, rate, timescale)) : 0
  const silentMilliseconds = Math.floor((origin * 1000) / timescale)
  return { codec, sets, description, origin, track: origin > 0 ? { ...track, silentMilliseconds } : track }
}

/** Where a segment of copied pictures stands; slots are ticks of the source's stream. */
export interface CopiedPlace {
  readonly firstSlot: number
  /** When the next segment's first picture is decoded; null for the last segment. */
  readonly nextDecoded: number | null
}

/** The time of a slot in the ticks of a track. */
export function slotTicks(slot: number, rate: Rational, timescale: number): number {
  return rescale(slot, { num: rate.den, den: rate.num }, { num: 1, den: timescale })
}

/** A segment begins with a key frame, which the source's file knows to be one even where leading pictures follow it. */
function copiedData(
  { data }: AccessUnit,
  index: number,
  track: Pick<CopiedTrack, 'codec' | 'sets'>,
): Pick<Sample, 'data' | 'isSync'> {
  const picture = pictureData(data, track)
  return index === 0 ? { ...picture, isSync: true } : picture
}

/** A copied picture, in slots of the source: ticks of its stream. */
export interface CopiedPictureSlots extends Pick<Sample, 'data' | 'isSync'> {
  readonly decodeSlot: number
  readonly showSlot: number
}

/** Pictures of a segment whose first one is shown at a slot, with times as the source has them. */
export function copiedSlots(
  track: Pick<CopiedTrack, 'codec' | 'sets'>,
  units: readonly AccessUnit[],
  rate: Rational,
  firstSlot: number,
): CopiedPictureSlots[] {
  const [first] = units
  if (!first) throw new MalformedMp4('a segment without pictures')
  const slotOf = (time: number): number =>
    firstSlot + Math.round((ticksBetween(first.pts, time) * toNumber(rate)) / ticksPerSecond)
  return units.map((unit, index) => ({
    ...copiedData(unit, index, track),
    ...{ decodeSlot: slotOf(unit.dts), showSlot: slotOf(unit.pts) },
  }))
}

/** Pictures of a segment as samples, and when the first of them is decoded, the track's delay added. */
export function copiedSamples(
  { codec, sets, track, origin }: CopiedTrack,
  units: readonly AccessUnit[],
  rate: Rational,
  { firstSlot, nextDecoded }: CopiedPlace,
): { readonly decodeTime: number; readonly samples: Sample[] } {
  const { timescale, delay } = track
  const pictures = copiedSlots({ codec, sets }, units, rate, firstSlot)
  const times = pictures.map(({ showSlot, decodeSlot }) => ({
    shown: slotTicks(showSlot, rate, timescale),
    decoded: slotTicks(decodeSlot, rate, timescale),
  }))
  const next = nextDecoded === null ? null : slotTicks(nextDecoded, rate, timescale)
  const samples = pictures.map(({ data, isSync }, index): Sample => {
    const { shown, decoded } = times[index]!
    if (shown < decoded) throw new MalformedMp4(`picture ${index} is decoded after it is shown`)
    const before = times[index - 1]
    const following = times[index + 1]?.decoded ?? next ?? decoded + (before ? decoded - before.decoded : 0)
    return {
      ...{ data, isSync },
      duration: Math.max(0, following - decoded),
      compositionOffset: shown - decoded,
    }
  })
  return { decodeTime: Math.max(0, times[0]!.decoded + delay - origin), samples }
}
