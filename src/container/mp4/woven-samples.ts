import { type Rational, toNumber } from '../../media/rational.ts'
import { readProgramMap } from '../mpegts/tables.ts'
import { ticksPerSecond } from '../mpegts/timestamp.ts'
import { type AccessUnit, readAccessUnits } from '../mpegts/units.ts'
import type { AacFormat } from './adts.ts'
import { copiedSlots } from './copied-track.ts'
import { h264StreamType, pictureCodec } from './picture-codec.ts'
import { type PictureTrack, pictureSamples, pictureTrack } from './picture-track.ts'
import { createSoundReader, type SoundReaderMemory } from './sound-reader.ts'
import type { SoundFrame } from './sound-track.ts'

/** A picture on the session's grid. */
export interface PlacedPicture {
  readonly data: Buffer
  /** Slot in which it is decoded: one for each picture, before the first one's own by the session's reordering. */
  readonly decodeSlot: number
  readonly showSlot: number
  readonly isSync: boolean
}

/** What belongs to a segment, each kind in decoding order. */
export interface WovenSamples {
  readonly pictures: readonly PlacedPicture[]
  readonly sound: readonly SoundFrame[]
}

/** Where a segment stands on the session's grid. */
export interface SegmentSlots {
  readonly firstSlot: number
  /** First slot of the next segment; null for the last one, which takes all sound that is left. */
  readonly nextSlot: number | null
  /** Where pictures are copied, with times of their own: when the next segment's first one is decoded. */
  readonly copied?: { readonly nextDecoded: number | null }
}

/**
 * Takes pictures and sound out of the transport streams that nodes sent. Files of sound are added in order; segments
 * are taken in order, each after all sound that is decoded before the next one's first picture.
 */
export interface SampleWeaver {
  addSound(file: Buffer): void
  /** Throws MalformedMp4 or MalformedTransportStream for a segment that does not fit to those before. */
  take(video: Buffer, slots: SegmentSlots): WovenSamples
  /** Known with the first segment of pictures, and with the first file of sound; constant from then on. */
  readonly picture: PictureTrack | null
  readonly sound: AacFormat | null
  /** What another weaver needs to go on behind the last segment. */
  memory(): SampleWeaverMemory
}

/** Everything that passes from segment to segment. */
export interface SampleWeaverMemory {
  /** First picture of all, and its stream's type; null before it. */
  readonly first: { readonly unit: AccessUnit; readonly streamType: number } | null
  readonly reader: SoundReaderMemory
  readonly waiting: readonly SoundFrame[]
}

export interface SampleWeaverOptions {
  /** Slots per second of the session's grid. */
  readonly rate: Rational
  /** How far timestamps in the leases' segments lie after source time, seconds. */
  readonly offsetSeconds: number
  readonly memory?: SampleWeaverMemory | undefined
}

export function createSampleWeaver({ rate, offsetSeconds, memory }: SampleWeaverOptions): SampleWeaver {
  const reader = createSoundReader(offsetSeconds, memory?.reader)
  const waiting = [...(memory?.waiting ?? [])]
  let first = memory?.first ?? null
  let track: PictureTrack | null = first && pictureTrack([first.unit], rate, pictureCodec(first.streamType))

  const takeSound = (nextDecoded: number | null): SoundFrame[] => {
    const soundRate = reader.format?.rate ?? 1
    const later =
      nextDecoded === null
        ? -1
        : waiting.findIndex(({ start }) => !isBefore(start, soundRate, nextDecoded, rate))
    return waiting.splice(0, later === -1 ? waiting.length : later)
  }

  return {
    get picture() {
      return track
    },
    get sound() {
      return reader.format
    },
    memory: () => ({ first, reader: reader.memory(), waiting }),
    addSound: (file) => {
      waiting.push(...reader.read(file))
    },
    take(video, { firstSlot, nextSlot, copied }) {
      const stream = readProgramMap(video)[0]
      const units = stream ? readAccessUnits(video, stream.pid) : []
      track ??= pictureTrack(units, rate, pictureCodec(stream?.streamType ?? h264StreamType))
      first ??= { unit: units[0]!, streamType: stream!.streamType }
      if (copied) {
        const pictures = copiedSlots(track, units, rate, firstSlot)
        return { pictures, sound: takeSound(copied.nextDecoded) }
      }
      const { reorder } = track
      const firstTicks = Math.round((firstSlot / toNumber(rate) + offsetSeconds) * ticksPerSecond)
      const samples = pictureSamples(track, units, rate, firstTicks)
      const pictures = samples.map(({ data, duration, compositionOffset, isSync }, index) => {
        const decodeSlot = firstSlot + index - reorder
        return { data, decodeSlot, showSlot: decodeSlot + compositionOffset / duration, isSync }
      })
      return { pictures, sound: takeSound(nextSlot === null ? null : nextSlot - reorder) }
    },
  }
}

/** Whether a frame of sound that begins at a sample begins before a slot: products of whole numbers, nothing rounded. */
export function isBefore(sample: number, soundRate: number, slot: number, rate: Rational): boolean {
  return sample * rate.num < slot * rate.den * soundRate
}
