import { type Rational, rescale } from '../../media/rational.ts'
import type { FilmOptions, FilmWriter, Piece } from '../film.ts'
import type { WovenSamples } from '../mp4/woven-samples.ts'
import { blocksOf } from './blocks.ts'
import { clusters } from './cluster.ts'
import { element, idBytes, ids, unsigned } from './ebml.ts'
import { fileHead, information, type MatroskaTrack, segmentStart, trackList } from './header.ts'
import { pictureEntry, soundEntry } from './tracks.ts'

/** Room for the list of where everything is: three entries, and what is over as an element that readers skip. */
const seekRoom = 128

const milliseconds: Rational = { num: 1, den: 1000 }

/** Where a segment's cluster stands. */
interface Cue {
  readonly milliseconds: number
  readonly position: number
}

/**
 * Makes a Matroska file, a cluster or more for each segment, with an index behind them. Times begin at 0: where sound
 * begins before, by its encoder's priming, everything is moved by that, as FFmpeg moves it.
 */
export function createMatroskaWriter(options: FilmOptions): FilmWriter {
  return new MatroskaWriter(options)
}

const head = fileHead()
/** Positions in a Matroska file count from the content of its segment element. */
const contentStart = head.length + segmentStart(0).length

class MatroskaWriter implements FilmWriter {
  readonly #options: FilmOptions
  readonly #cues: Cue[] = []
  #tracks: Buffer | null = null
  #position = 0
  #offsetMilliseconds = 0
  #endMilliseconds = 0

  constructor(options: FilmOptions) {
    this.#options = options
  }

  add(samples: WovenSamples): readonly Piece[] {
    const pieces = this.#tracks ? [] : [this.#begin(samples)]
    const blocks = blocksOf(samples, this.#clock())
    const bytes = clusters(blocks)
    this.#cues.push({ milliseconds: blocks[0]!.milliseconds, position: this.#position - contentStart })
    const place = { position: this.#position, bytes }
    this.#position += bytes.length
    this.#endMilliseconds = Math.max(this.#endMilliseconds, this.#endOf(samples))
    return [...pieces, place]
  }

  finish(): readonly Piece[] {
    const cues = this.#index()
    const start = this.#start(this.#position - contentStart)
    const index = { position: this.#position, bytes: cues }
    this.#position += cues.length
    return [index, { position: 0, bytes: start }]
  }

  #begin(samples: WovenSamples): Piece {
    const { weaver, rate, pictureLanguage, soundLanguage, askedSound } = this.#options
    if (!weaver.picture) throw new RangeError('a film without pictures')
    const tracks: MatroskaTrack[] = [pictureEntry(weaver.picture, rate, pictureLanguage)]
    const sound = weaver.sound ?? askedSound
    if (sound) tracks.push(soundEntry(sound, soundLanguage))
    this.#tracks = trackList(tracks)
    const first = blocksOf(samples, this.#clock()).map((block) => block.milliseconds)
    this.#offsetMilliseconds = Math.max(0, ...first.map((time) => -time))
    const bytes = this.#start(null)
    this.#position = bytes.length
    return { position: 0, bytes }
  }

  #clock() {
    const { rate, weaver } = this.#options
    const offsetMilliseconds = this.#offsetMilliseconds
    return { rate, soundRate: weaver.sound?.rate ?? 1, offsetMilliseconds }
  }

  /** Everything before the first cluster, always as long; `cuesAt` is null while the end is not known. */
  #start(cuesAt: number | null): Buffer {
    const info = information(this.#endMilliseconds)
    const tracks = this.#tracks!
    const infoAt = seekRoom
    const entries = [
      seekEntry(ids.info, infoAt),
      seekEntry(ids.tracks, infoAt + info.length),
      ...(cuesAt === null ? [] : [seekEntry(ids.cues, cuesAt)]),
    ]
    const seek = element(ids.seekHead, ...entries)
    const rest = element(ids.nothing, Buffer.alloc(seekRoom - seek.length - 2))
    return Buffer.concat([head, segmentStart(this.#size(cuesAt)), seek, rest, info, tracks])
  }

  #index(): Buffer {
    return element(ids.cues, Buffer.concat(this.#cues.map(cuePoint)))
  }

  #size(cuesAt: number | null): number {
    if (cuesAt === null) return unknownSize
    return cuesAt + this.#index().length
  }

  #endOf({ pictures, sound }: WovenSamples): number {
    const { rate, soundRate, offsetMilliseconds } = this.#clock()
    const lastSlot = Math.max(...pictures.map(({ showSlot }) => showSlot)) + 1
    const shown = rescale(lastSlot, { num: rate.den, den: rate.num }, milliseconds)
    const frame = sound.at(-1)
    const heard = frame ? rescale(frame.start + frame.duration, { num: 1, den: soundRate }, milliseconds) : 0
    return Math.max(shown, heard) + offsetMilliseconds
  }
}

/** All bits of eight bytes but the marker: the segment ends where the file does. */
const unknownSize = 2 ** 56 - 1

function seekEntry(id: number, position: number): Buffer {
  return element(ids.seek, element(ids.seekId, idBytes(id)), unsigned(ids.seekPosition, position))
}

function cuePoint({ milliseconds: time, position }: Cue): Buffer {
  return element(
    ids.cuePoint,
    unsigned(ids.cueTime, time),
    element(ids.cueTrackPositions, unsigned(ids.cueTrack, 1), unsigned(ids.cueClusterPosition, position)),
  )
}
