import type { Rational } from '../../media/rational.ts'
import { ticksBetween, ticksPerSecond } from '../mpegts/timestamp.ts'
import type { AccessUnit } from '../mpegts/units.ts'
import { MalformedMp4 } from './box.ts'
import type { Track } from './init-segment.ts'
import type { Sample } from './media-segment.ts'
import { splitByteStream, withLengths } from './nal-units.ts'
import { type ParameterSets, parameterSetsDiffer, parameterSetsOf } from './parameter-sets.ts'
import { h264StreamType, type PictureCodec, type PictureDescription, pictureCodec } from './picture-codec.ts'
import { pictureEntry } from './sample-entry.ts'

/** FFmpeg's MP4 muxer doubles a frame rate's numerator up to this many ticks per second. */
export const leastTimescale = 10_000

/** Ticks per second of a track of pictures, and ticks of one picture. */
export function pictureTicks(rate: Rational): { timescale: number; duration: number } {
  let timescale = rate.num
  while (timescale < leastTimescale) timescale *= 2
  return { timescale, duration: (timescale / rate.num) * rate.den }
}

/** What all segments of pictures of a session share. */
export interface PictureTrack {
  readonly codec: PictureCodec
  readonly sets: ParameterSets
  readonly description: PictureDescription
  /** How many pictures earlier each is decoded than shown. */
  readonly reorder: number
  readonly track: Track
}

/** The session's track, from the pictures of its first segment. Throws MalformedMp4 when they begin without parameter sets. */
export function pictureTrack(
  units: readonly AccessUnit[],
  rate: Rational,
  codec: PictureCodec = pictureCodec(h264StreamType),
): PictureTrack {
  const { first, sets, description } = firstDescription(units, codec)
  const ticksPerPicture = (ticksPerSecond * rate.den) / rate.num
  const seen = Math.round(ticksBetween(first.dts, first.pts) / ticksPerPicture)
  // A segment of one or two pictures shows no reordering: what the encoder declares counts as well.
  const reorder = Math.max(seen, description.reorderFrames ?? 0)
  const { timescale, duration } = pictureTicks(rate)
  return { codec, sets, description, reorder, track: trackOf(description, timescale, reorder * duration) }
}

/** The first picture of a segment and what is said of it. Throws MalformedMp4 when it has no parameter sets. */
export function firstDescription(
  units: readonly AccessUnit[],
  codec: PictureCodec,
): { readonly first: AccessUnit; readonly sets: ParameterSets; readonly description: PictureDescription } {
  const [first] = units
  const sets = first ? parameterSetsOf(splitByteStream(first.data), codec.units) : null
  if (!first || !sets) throw new MalformedMp4('pictures that begin without parameter sets')
  return { first, sets, description: codec.describe(sets) }
}

/** A track of such pictures; `delay` in its ticks. */
export function trackOf(description: PictureDescription, timescale: number, delay: number): Track {
  const { width, height, sampleAspectRatio: ratio } = description
  return {
    ...{ kind: 'picture', timescale, delay, sampleEntry: pictureEntry(description) },
    ...{ width: Math.round((width * ratio.width) / ratio.height), height },
  }
}

/**
 * A picture as MP4 holds it, and whether decoding may begin with it. Throws MalformedMp4 for parameter sets other than
 * the session's.
 */
export function pictureData(
  data: Buffer,
  { codec, sets }: Pick<PictureTrack, 'codec' | 'sets'>,
): Pick<Sample, 'data' | 'isSync'> {
  const { typeOf, delimiter, isSync } = codec.units
  const parts = splitByteStream(data).filter((part) => typeOf(part) !== delimiter)
  const own = parameterSetsOf(parts, codec.units)
  const difference = own && parameterSetsDiffer(sets, own)
  if (difference) throw new MalformedMp4(difference)
  return { data: withLengths(parts), isSync: parts.some((part) => isSync(typeOf(part))) }
}

/**
 * The pictures of a segment as samples on the session's grid: the place of each is a whole number of slots from the
 * segment's first, `firstTicks` of 1/90000 s. Decoding times are not the encoder's but the session's, one slot each, so that an
 * encoder without B-frames fits to one with them. Throws MalformedMp4 for parameter sets other than the session's.
 */
export function pictureSamples(
  { codec, sets, reorder }: PictureTrack,
  units: readonly AccessUnit[],
  rate: Rational,
  firstTicks: number,
): Sample[] {
  const { duration } = pictureTicks(rate)
  const ticksPerPicture = (ticksPerSecond * rate.den) / rate.num
  return units.map((unit, index) => {
    const picture = pictureData(unit.data, { codec, sets })
    const slot = Math.round(ticksBetween(firstTicks, unit.pts) / ticksPerPicture)
    const wait = slot - index + reorder
    if (wait < 0) throw new MalformedMp4(`picture ${index} is decoded after it is shown`)
    return { ...picture, duration, compositionOffset: wait * duration }
  })
}
