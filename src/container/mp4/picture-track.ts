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
const leastTimescale = 10_000

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
  const [first] = units
  const sets = first ? parameterSetsOf(splitByteStream(first.data), codec.units) : null
  if (!first || !sets) throw new MalformedMp4('pictures that begin without parameter sets')
  const description = codec.describe(sets)
  const ticksPerPicture = (ticksPerSecond * rate.den) / rate.num
  const seen = Math.round(ticksBetween(first.dts, first.pts) / ticksPerPicture)
  // A segment of one or two pictures shows no reordering: what the encoder declares counts as well.
  const reorder = Math.max(seen, description.reorderFrames ?? 0)
  const { timescale, duration } = pictureTicks(rate)
  const { width, height, sampleAspectRatio } = description
  const track: Track = {
    ...{ kind: 'picture', timescale, delay: reorder * duration },
    sampleEntry: pictureEntry(description),
    ...{ width: Math.round((width * sampleAspectRatio.width) / sampleAspectRatio.height), height },
  }
  return { codec, sets, description, reorder, track }
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
  const { typeOf, delimiter, isSync } = codec.units
  const { duration } = pictureTicks(rate)
  const ticksPerPicture = (ticksPerSecond * rate.den) / rate.num
  return units.map((unit, index) => {
    const parts = splitByteStream(unit.data).filter((part) => typeOf(part) !== delimiter)
    const own = parameterSetsOf(parts, codec.units)
    const difference = own && parameterSetsDiffer(sets, own)
    if (difference) throw new MalformedMp4(difference)
    const slot = Math.round(ticksBetween(firstTicks, unit.pts) / ticksPerPicture)
    const wait = slot - index + reorder
    if (wait < 0) throw new MalformedMp4(`picture ${index} is decoded after it is shown`)
    return {
      data: withLengths(parts),
      duration,
      compositionOffset: wait * duration,
      isSync: parts.some((part) => isSync(typeOf(part))),
    }
  })
}
