import { box, fullBox, u16, u32, u64, zeros } from './box.ts'
import type { SampleTable } from './sample-table.ts'
import { dataInformation, handler, mediaKind, unityMatrix } from './track-boxes.ts'

/** A track of a whole file. Times are ticks of the track. */
export interface MovieTrack {
  readonly kind: 'picture' | 'sound'
  /** Ticks per second. */
  readonly timescale: number
  readonly sampleEntry: Buffer
  /** Shown size; zero for sound. */
  readonly width: number
  readonly height: number
  /** ISO 639-2, three letters. */
  readonly language?: string
  /** Where in the track what is to be shown or heard begins: reordering, or an encoder's priming. */
  readonly delay: number
  /** When that is in the film, seconds as a fraction; at least 0. */
  readonly start: { readonly num: number; readonly den: number }
  readonly table: SampleTable
}

/** The box `moov` of a film of these tracks; the first one's times are exact, all others' to a tick of `timescale`. */
export function movieIndex(tracks: readonly MovieTrack[], timescale: number): Buffer {
  const duration = Math.max(...tracks.map((track) => shownTicks(track, timescale)))
  return box(
    'moov',
    fullBox(
      ...(['mvhd', 1, 0] as const),
      ...[u64(0), u64(0), u32(timescale), u64(duration)],
      ...[u32(0x00010000), u16(0x0100), zeros(10), unityMatrix, zeros(24), u32(tracks.length + 1)],
    ),
    ...tracks.map((track, index) => trackBox(track, index + 1, timescale)),
  )
}

const startTicks = ({ start }: MovieTrack, timescale: number): number =>
  Math.round((start.num * timescale) / start.den)

/** Ticks of the movie from its beginning to the end of the track. */
function shownTicks(track: MovieTrack, timescale: number): number {
  return startTicks(track, timescale) + playedTicks(track, timescale)
}

function playedTicks({ kind, table, delay, timescale: own }: MovieTrack, timescale: number): number {
  // Reordering moves all pictures, so that none is left out; priming is not heard.
  const left = kind === 'picture' ? 0 : delay
  return Math.round((Math.max(0, table.ticks - left) * timescale) / own)
}

/** Enabled, and part of the presentation. */
const trackFlags = 3

function trackBox(track: MovieTrack, id: number, timescale: number): Buffer {
  const { kind, width, height, table, sampleEntry } = track
  const isSound = kind === 'sound'
  return box(
    'trak',
    fullBox(
      ...(['tkhd', 1, trackFlags] as const),
      ...[u64(0), u64(0), u32(id, 0), u64(shownTicks(track, timescale))],
      ...[zeros(8), u16(0, isSound ? 1 : 0, isSound ? 0x0100 : 0, 0), unityMatrix],
      u32(width * 2 ** 16, height * 2 ** 16),
    ),
    box('edts', editList(track, timescale)),
    box(
      'mdia',
      mediaHeader(track),
      handler(kind),
      box('minf', mediaKind(kind), dataInformation, table.box(sampleEntry)),
    ),
  )
}

/** Nothing until the track begins, then all of it but what comes before its delay. */
function editList(track: MovieTrack, timescale: number): Buffer {
  const before = startTicks(track, timescale)
  const atUsualSpeed = u16(1, 0)
  const nothing = [u64(before), Buffer.alloc(8, 0xff), atUsualSpeed]
  const all = [u64(playedTicks(track, timescale)), u64(track.delay), atUsualSpeed]
  return fullBox('elst', 1, 0, u32(before > 0 ? 2 : 1), ...(before > 0 ? nothing : []), ...all)
}

function mediaHeader({ timescale, table, language }: MovieTrack): Buffer {
  return fullBox(
    ...(['mdhd', 1, 0] as const),
    ...[u64(0), u64(0), u32(timescale), u64(table.ticks), u16(languageCode(language ?? 'und'), 0)],
  )
}

/** Three letters of five bits each (ISO/IEC 14496-12, 8.4.2.3). */
function languageCode(language: string): number {
  const letters = /^[a-z]{3}$/.test(language) ? language : 'und'
  return [...letters].reduce((code, letter) => code * 32 + (letter.charCodeAt(0) - 0x60), 0)
}
