import { box, fullBox, u8, u16, u32, zeros } from './box.ts'
import { dataInformation, handler, mediaKind, unityMatrix } from './track-boxes.ts'

/** A representation's only track, as its init segment describes it. */
export interface Track {
  readonly kind: 'picture' | 'sound'
  /** Ticks per second of all times in it. */
  readonly timescale: number
  /** Where the first thing to be shown lies in the track, ticks: reordering, or an encoder's priming. */
  readonly delay: number
  /** Nothing is shown for so long before the track's own beginning; nothing unless said. */
  readonly silentMilliseconds?: number
  readonly sampleEntry: Buffer
  /** Shown size; zero for sound. */
  readonly width: number
  readonly height: number
}

const trackId = 1
const movieTimescale = 1000
const undefinedLanguage = 0x55c4

/** Of an edit list: the media time of an edit in which nothing is shown, and the usual speed. */
const nothing = 0xffffffff
const usualSpeed = 0x00010000

function editList({ delay, silentMilliseconds = 0 }: Track): Buffer {
  // The movie's own ticks are milliseconds.
  const silence = silentMilliseconds > 0 ? [silentMilliseconds, nothing, usualSpeed] : []
  return fullBox('elst', 0, 0, u32(silence.length > 0 ? 2 : 1, ...silence, 0, delay, usualSpeed))
}

/**
 * The init segment of a track. It holds nothing but what the track says: no dates, durations or names of tools, so
 * that it is the same whoever made the pictures. Boxes are those of FFmpeg's DASH muxer, in its order.
 */
export function initSegment(track: Track): Buffer {
  const brands = Buffer.concat([Buffer.from('iso5'), u32(0x200), Buffer.from('iso5iso6mp41')])
  return Buffer.concat([
    box('ftyp', brands),
    box('moov', movieHeader(), trackBox(track), box('mvex', trackDefaults())),
  ])
}

function movieHeader(): Buffer {
  return fullBox(
    ...(['mvhd', 0, 0] as const),
    u32(0, 0, movieTimescale, 0, 0x00010000),
    ...[u16(0x0100), zeros(10), unityMatrix, zeros(24), u32(trackId + 1)],
  )
}

function trackBox(track: Track): Buffer {
  return box(
    'trak',
    trackHeader(track),
    box('edts', editList(track)),
    box('mdia', mediaHeader(track.timescale), handler(track.kind), mediaInformation(track)),
  )
}

function trackHeader({ kind, width, height }: Track): Buffer {
  const isSound = kind === 'sound'
  return fullBox(
    ...(['tkhd', 0, 3] as const),
    ...[u32(0, 0, trackId, 0, 0), zeros(8), u16(0, isSound ? 1 : 0, isSound ? 0x0100 : 0, 0)],
    ...[unityMatrix, u32(width * 2 ** 16, height * 2 ** 16)],
  )
}

function mediaHeader(timescale: number): Buffer {
  return fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(undefinedLanguage, 0))
}

function mediaInformation({ kind, sampleEntry }: Track): Buffer {
  const tables = [
    fullBox('stsd', 0, 0, u32(1), sampleEntry),
    ...['stts', 'stsc'].map((type) => fullBox(type, 0, 0, u32(0))),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  ]
  return box('minf', mediaKind(kind), dataInformation, box('stbl', ...tables))
}

function trackDefaults(): Buffer {
  return fullBox('trex', 0, 0, u32(trackId, 1, 0, 0), u8(0, 0, 0, 0))
}
