import { type Rational, toNumber } from '../../media/rational.ts'
import { readProgramMap } from '../mpegts/tables.ts'
import { ticksPerSecond } from '../mpegts/timestamp.ts'
import { type AccessUnit, readAccessUnits } from '../mpegts/units.ts'
import { type AacFormat, channelCount } from './adts.ts'
import { type CopiedTrack, copiedSamples, copiedTrack, slotTicks } from './copied-track.ts'
import { initSegment, type Track } from './init-segment.ts'
import { mediaSegment, segmentDuration } from './media-segment.ts'
import { h264StreamType, type PictureCodec, type PictureDescription, pictureCodec } from './picture-codec.ts'
import { type PictureTrack, pictureSamples, pictureTicks, pictureTrack } from './picture-track.ts'
import { type CutSound, SoundCutter, type SoundCutterMemory } from './sound-cutter.ts'
import { createSoundReader, type SoundReader, type SoundReaderMemory } from './sound-reader.ts'
import { soundSamples } from './sound-samples.ts'
import { soundTrack } from './sound-track.ts'

export interface FragmentAssemblerOptions {
  /** Slots per second of the session's grid. */
  readonly rate: Rational
  /** How far timestamps in the leases' segments lie after source time, seconds. */
  readonly offsetSeconds: number
  /** What the server asked for: sound is cut by it where pictures last longer. */
  readonly segmentSeconds: number
  /** Number of the first segment of each representation. */
  readonly firstNumber: number
  /** Bits per second of the sound, as its init segment says it; 0 when it is not known. */
  readonly soundBitrate: number
  /** Not for copied pictures. */
  readonly memory?: FragmentMemory | undefined
}

/** Everything that passes from segment to segment. */
export interface FragmentMemory {
  /** First picture of all, and its stream's type; null before it. */
  readonly first: { readonly unit: AccessUnit; readonly streamType: number } | null
  readonly number: number
  readonly reader: SoundReaderMemory
  /** Null before the first sound. */
  readonly cutter: SoundCutterMemory | null
}

/** Where a segment stands on the session's grid. */
export interface FragmentPlace {
  readonly firstSlot: number
  /** First slot of the next segment; null for the last one, which takes all sound that is left. */
  readonly nextSlot: number | null
  /** Where pictures are copied: when the next segment's first one is decoded, and where this segment's last one ends. */
  readonly copied?: { readonly nextDecoded: number | null; readonly endSlot: number }
}

/** One media segment of a representation. Times are ticks of its track, counted from the beginning of the source. */
export interface MadeFragment {
  readonly number: number
  readonly bytes: Buffer
  /** When the first sample is shown or heard; sound from the start begins before 0, by the encoder's priming. */
  readonly start: number
  readonly duration: number
  readonly samples: number
}

/** A representation as its init segment describes it. */
export interface Representation<Format> {
  readonly init: Buffer
  readonly timescale: number
  readonly format: Format
}

export interface SoundFormat {
  /** As in `mp4a.40.2`. */
  readonly objectType: number
  readonly rate: number
  readonly channels: number
}

export interface AssembledFragments {
  readonly picture: MadeFragment
  /** What is complete of sound by then: mostly one; none where no sound belongs to these pictures. */
  readonly sound: readonly MadeFragment[]
}

/**
 * Makes fragmented MP4 out of the transport streams that nodes sent, one representation of pictures and one of sound.
 * Files of sound are added in order; segments are assembled in order, each after all sound that is decoded before the
 * next one's first picture.
 */
export interface FragmentAssembler {
  addSound(file: Buffer): void
  /** Throws MalformedMp4 or MalformedTransportStream for a segment that does not fit to those before. */
  assemble(video: Buffer, place: FragmentPlace): AssembledFragments
  /** Known with the first segment of pictures, and with the first file of sound; constant from then on. */
  readonly picture: Representation<PictureDescription> | null
  readonly sound: Representation<SoundFormat> | null
  /** What another assembler needs to go on behind the last segment. */
  memory(): FragmentMemory
}

export function createFragmentAssembler(options: FragmentAssemblerOptions): FragmentAssembler {
  return new Assembler(options)
}

class Assembler implements FragmentAssembler {
  readonly #options: FragmentAssemblerOptions
  #picture: PictureTrack | null = null
  #copied: CopiedTrack | null = null
  #sound: { format: AacFormat; track: Track; cutter: SoundCutter } | null = null
  readonly #reader: SoundReader
  #first: FragmentMemory['first']
  #pictureNumber: number

  constructor(options: FragmentAssemblerOptions) {
    const { memory, offsetSeconds, firstNumber, rate } = options
    this.#options = options
    this.#reader = createSoundReader(offsetSeconds, memory?.reader)
    this.#pictureNumber = memory?.number ?? firstNumber
    this.#first = memory?.first ?? null
    if (this.#first) {
      this.#picture = pictureTrack([this.#first.unit], rate, pictureCodec(this.#first.streamType))
    }
    if (memory?.cutter && memory.reader.format) {
      this.#sound = this.#openSound(memory.reader.format, memory.cutter)
    }
  }

  memory(): FragmentMemory {
    return {
      ...{ first: this.#first, number: this.#pictureNumber },
      ...{ reader: this.#reader.memory(), cutter: this.#sound?.cutter.memory() ?? null },
    }
  }

  get picture(): Representation<PictureDescription> | null {
    const picture = this.#picture ?? this.#copied
    if (!picture) return null
    const { track, description } = picture
    return { init: initSegment(track), timescale: track.timescale, format: description }
  }

  get sound(): Representation<SoundFormat> | null {
    if (!this.#sound) return null
    const { format, track } = this.#sound
    const { objectType, rate } = format
    return {
      init: initSegment(track),
      timescale: track.timescale,
      format: { objectType, rate, channels: channelCount(format) },
    }
  }

  addSound(file: Buffer): void {
    const frames = this.#reader.read(file)
    const { format } = this.#reader
    if (!format) return
    this.#sound ??= this.#openSound(format)
    this.#sound.cutter.push(frames)
  }

  #openSound(format: AacFormat, memory?: SoundCutterMemory) {
    const { soundBitrate, firstNumber, segmentSeconds } = this.#options
    const cutter = new SoundCutter({ firstNumber, rate: format.rate, segmentSeconds, memory })
    return { format, track: soundTrack(format, soundBitrate), cutter }
  }

  assemble(video: Buffer, place: FragmentPlace): AssembledFragments {
    const { rate, offsetSeconds } = this.#options
    const stream = readProgramMap(video)[0]
    const units = stream ? readAccessUnits(video, stream.pid) : []
    const codec = pictureCodec(stream?.streamType ?? h264StreamType)
    if (place.copied) return this.#assembleCopied(units, codec, place.firstSlot, place.copied)
    this.#picture ??= pictureTrack(units, rate, codec)
    this.#first ??= { unit: units[0]!, streamType: stream!.streamType }
    const firstTicks = Math.round((place.firstSlot / toNumber(rate) + offsetSeconds) * ticksPerSecond)
    const samples = pictureSamples(this.#picture, units, rate, firstTicks)
    const { timescale, duration } = pictureTicks(rate)
    const start = place.firstSlot * duration
    const number = this.#pictureNumber++
    // A fragment's own times begin with its first picture: the delay is taken off by the edit list.
    const bytes = mediaSegment({ sequenceNumber: number, decodeTime: start, timescale, samples })
    const picture = { number, bytes, start, duration: segmentDuration(samples), samples: samples.length }
    const decoded = place.nextSlot === null ? null : place.nextSlot - this.#picture.reorder
    return { picture, sound: this.#cutSound(decoded, number) }
  }

  #assembleCopied(
    units: readonly AccessUnit[],
    codec: PictureCodec,
    firstSlot: number,
    { nextDecoded, endSlot }: NonNullable<FragmentPlace['copied']>,
  ): AssembledFragments {
    const { rate, firstNumber } = this.#options
    this.#copied ??= copiedTrack(units, rate, codec, { firstSlot, fromStart: firstNumber === 1 })
    const { timescale } = this.#copied.track
    const { decodeTime, samples } = copiedSamples(this.#copied, units, rate, { firstSlot, nextDecoded })
    const number = this.#pictureNumber++
    const bytes = mediaSegment({ sequenceNumber: number, decodeTime, timescale, samples })
    const start = slotTicks(firstSlot, rate, timescale)
    const duration = slotTicks(endSlot, rate, timescale) - start
    const picture = { number, bytes, start, duration, samples: samples.length }
    return { picture, sound: this.#cutSound(nextDecoded, number) }
  }

  /** @param nextDecoded slot in which the next segment's first picture is decoded. */
  #cutSound(nextDecoded: number | null, segment: number): MadeFragment[] {
    if (!this.#sound) return []
    const { rate } = this.#options
    const { track, cutter } = this.#sound
    const decoded = nextDecoded === null ? null : { num: nextDecoded * rate.den, den: rate.num }
    return cutter.cut(decoded && { decoded, segment }).map((cut) => soundFragment(track, cut))
  }
}

function soundFragment({ timescale, delay }: Track, { number, frames }: CutSound): MadeFragment {
  const { start } = frames[0]!
  const samples = soundSamples(frames)
  const decodeTime = Math.max(0, start + delay)
  const bytes = mediaSegment({ sequenceNumber: number, decodeTime, timescale, samples })
  return { number, bytes, start, duration: segmentDuration(samples), samples: samples.length }
}
