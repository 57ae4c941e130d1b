import { toNumber } from '../../media/rational.ts'
import type { FilmOptions, FilmWriter, Piece } from '../film.ts'
import { box, u32, u64 } from './box.ts'
import { type MovieTrack, movieIndex } from './movie-index.ts'
import { type PictureTrack, pictureTicks } from './picture-track.ts'
import { type IndexedSample, SampleTable } from './sample-table.ts'
import { soundSamples } from './sound-samples.ts'
import { aacPrimingSamples, type SoundFrame, soundTrack } from './sound-track.ts'
import { isBefore, type PlacedPicture, type WovenSamples } from './woven-samples.ts'

export interface MovieOptions extends FilmOptions {
  /** The index stands before the film: room is left for one of about so many seconds. */
  readonly indexFirst: { readonly expectedSeconds: number } | null
  /** Bits per second of the sound, as its description says it; 0 when it is not known. */
  readonly soundBitrate: number
}

/**
 * Makes an MP4 file. The index is known when everything is: where it shall stand first, room is left for it, and what
 * of that is over stays as a box that readers skip. Should the film turn out so much longer than expected that the
 * index does not fit, it comes last.
 */
export function createMovieWriter(options: MovieOptions): FilmWriter {
  return new MovieWriter(options)
}

const fileType = box('ftyp', Buffer.from('isom'), u32(0x200), Buffer.from('isomiso2avc1mp41'))

/** A box whose size stands in 64 bits behind its type; the data may be longer than 32 bits can say. */
const dataHeader = (size: number): Buffer => Buffer.concat([u32(1), Buffer.from('mdat'), u64(size)])
const dataHeaderSize = 16
const freeHeader = (size: number): Buffer => Buffer.concat([u32(size), Buffer.from('free')])
const freeHeaderSize = 8

class MovieWriter implements FilmWriter {
  readonly #options: MovieOptions
  readonly #pictures = new SampleTable()
  readonly #sound = new SampleTable()
  readonly #room: number
  readonly #dataStart: number
  /** Where the next bytes go. */
  #position: number
  #firstSlot = 0
  #firstSound: number | null = null
  /** Lasts until the next one begins, which is not known yet. */
  #held: SoundFrame | null = null
  #hasBegun = false

  constructor(options: MovieOptions) {
    this.#options = options
    this.#room = options.indexFirst ? indexRoom(options.indexFirst.expectedSeconds, options) : 0
    this.#dataStart = fileType.length + this.#room
    this.#position = this.#dataStart + dataHeaderSize
  }

  add(samples: WovenSamples): readonly Piece[] {
    const pieces: Piece[] = this.#hasBegun ? [] : this.#begin(samples)
    const { rate, weaver } = this.#options
    const soundRate = weaver.sound?.rate ?? 1
    const sound = [...samples.sound]
    const slices = slicesOf(samples.pictures, Math.ceil(toNumber(rate)))
    const position = this.#position
    const data = slices.flatMap((pictures, index) => {
      const next = slices[index + 1]?.[0]
      const later = next
        ? sound.findIndex(({ start }) => !isBefore(start, soundRate, next.decodeSlot, rate))
        : -1
      const due = sound.splice(0, later === -1 ? sound.length : later)
      return [...this.#addPictures(pictures), ...this.#addSound(due)]
    })
    return [...pieces, { position, bytes: Buffer.concat(data) }]
  }

  finish(): readonly Piece[] {
    const position = this.#position
    const last = Buffer.concat(this.#held ? this.#place(this.#sound, soundSamples([this.#held])) : [])
    const size = this.#position - this.#dataStart
    const index = movieIndex(
      this.#tracks(),
      this.#options.weaver.sound?.rate ?? this.#track().track.timescale,
    )
    const over = this.#room - index.length
    const fits = over === 0 || over >= freeHeaderSize
    const room = over > 0 ? freeHeader(over) : Buffer.alloc(0)
    return [
      { position, bytes: last },
      { position: this.#dataStart, bytes: dataHeader(size) },
      fits
        ? { position: fileType.length, bytes: Buffer.concat([index, room]) }
        : { position: this.#position, bytes: index },
    ]
  }

  #begin({ pictures }: WovenSamples): Piece[] {
    this.#hasBegun = true
    this.#firstSlot = pictures[0]!.decodeSlot + this.#track().reorder
    const room = this.#room > 0 ? freeHeader(this.#room) : Buffer.alloc(0)
    return [
      { position: 0, bytes: Buffer.concat([fileType, room]) },
      { position: this.#dataStart, bytes: dataHeader(dataHeaderSize) },
    ]
  }

  #addPictures(pictures: readonly PlacedPicture[]): Buffer[] {
    const { duration } = pictureTicks(this.#options.rate)
    return this.#place(
      this.#pictures,
      pictures.map(({ data, showSlot, decodeSlot, isSync }) => ({
        ...{ data, duration, isSync, compositionOffset: (showSlot - decodeSlot) * duration },
      })),
    )
  }

  #addSound(due: readonly SoundFrame[]): Buffer[] {
    const frames = this.#held ? [this.#held, ...due] : due
    this.#firstSound ??= frames[0]?.start ?? null
    this.#held = frames.at(-1) ?? null
    return this.#place(this.#sound, soundSamples(frames).slice(0, -1))
  }

  #place(
    table: SampleTable,
    samples: readonly (Omit<IndexedSample, 'size'> & { readonly data: Buffer })[],
  ): Buffer[] {
    table.addChunk(
      this.#position,
      samples.map(({ data, ...times }) => ({ ...times, size: data.length })),
    )
    for (const { data } of samples) this.#position += data.length
    return samples.map(({ data }) => data)
  }

  #track(): PictureTrack {
    const { picture } = this.#options.weaver
    if (!picture) throw new RangeError('a film without pictures')
    return picture
  }

  #tracks(): MovieTrack[] {
    const { rate, weaver, soundBitrate, pictureLanguage, soundLanguage } = this.#options
    const pictures: MovieTrack = {
      ...this.#track().track,
      ...(pictureLanguage !== undefined && { language: pictureLanguage }),
      start: { num: this.#firstSlot * rate.den, den: rate.num },
      table: this.#pictures,
    }
    if (!weaver.sound || this.#firstSound === null) return [pictures]
    const start = Math.max(0, this.#firstSound + aacPrimingSamples)
    const sound: MovieTrack = {
      ...soundTrack(weaver.sound, soundBitrate),
      ...(soundLanguage !== undefined && { language: soundLanguage }),
      start: { num: start, den: weaver.sound.rate },
      table: this.#sound,
    }
    return [pictures, sound]
  }
}

/** Players read sound and pictures of the same moment from places that are near: a second of each in turn. */
function slicesOf(pictures: readonly PlacedPicture[], count: number): PlacedPicture[][] {
  const slices: PlacedPicture[][] = []
  for (let at = 0; at < pictures.length; at += count) slices.push(pictures.slice(at, at + count))
  return slices
}

/** Durations of films are sometimes wrong by a little, so the room is for a longer one; and for all that is no list. */
const longer = 1.05
const moreSeconds = 4
const fixedBytes = 4096

/** Of a picture: size, time shown, mark of a key frame. Of a frame of sound: size. Of a chunk: position, count. */
const indexBytes = { picture: 4 + 8 + 4, sound: 4, chunk: 8 + 12 } as const
/** Frames of AAC at 96 kHz, the most there are; two chunks a second, and two for each segment of a second or more. */
const soundFramesPerSecond = 96_000 / 1024
const chunksPerSecond = 4

function indexRoom(expectedSeconds: number, { rate }: MovieOptions): number {
  const perSecond =
    toNumber(rate) * indexBytes.picture +
    soundFramesPerSecond * indexBytes.sound +
    chunksPerSecond * indexBytes.chunk
  return fixedBytes + Math.ceil((expectedSeconds * longer + moreSeconds) * perSecond)
}
