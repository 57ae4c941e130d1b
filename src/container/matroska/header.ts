import type { Rational } from '../../media/rational.ts'
import { element, elementStart, float64, ids, openElement, text, unsigned } from './ebml.ts'

/** A track as a Matroska header describes it. Tracks are numbered by their places, from 1. */
export type MatroskaTrack = PictureTrackEntry | SoundTrackEntry | TextTrackEntry

interface TrackFacts {
  /** As RFC 9559 registers it: `V_MPEG4/ISO/AVC`. */
  readonly codecId: string
  /** What a decoder needs before the first frame; null where the codec has nothing like that. */
  readonly codecPrivate: Buffer | null
  /** ISO 639-2, three letters. */
  readonly language?: string
}

export interface PictureTrackEntry extends TrackFacts {
  readonly kind: 'picture'
  /** Pictures per second. */
  readonly rate: Rational
  readonly width: number
  readonly height: number
  /** Of a sample. */
  readonly aspectRatio: { readonly width: number; readonly height: number }
  /** Code points of ISO/IEC 23091-2, and whether all values count; null for what nobody said. */
  readonly color: {
    readonly primaries: number
    readonly transfer: number
    readonly matrix: number
    readonly full: boolean
  } | null
}

export interface SoundTrackEntry extends TrackFacts {
  readonly kind: 'sound'
  /** Samples per second. */
  readonly rate: number
  readonly channels: number
}

export interface TextTrackEntry extends TrackFacts {
  readonly kind: 'text'
}

/** Nanoseconds in a tick: all times are milliseconds, as in everything that FFmpeg writes. */
const timestampScale = 1_000_000

/** Readers know peculiarities of files by who wrote them; these are laid out as FFmpeg's are. */
const muxer = 'Lavf60.16.100'

/**
 * The header file of a session of segments: everything before the first cluster. It says nothing but what the tracks
 * are, no dates and no random identities, so that it is the same whoever made the pictures.
 */
export function matroskaHeader(tracks: readonly MatroskaTrack[]): Buffer {
  return Buffer.concat([fileHead(), openElement(ids.segment), information(null), trackList(tracks)])
}

/** The element that every Matroska file begins with. */
export function fileHead(): Buffer {
  return element(
    ids.ebml,
    unsigned(ids.ebmlVersion, 1),
    unsigned(ids.ebmlReadVersion, 1),
    unsigned(ids.mostIdBytes, 4),
    unsigned(ids.mostSizeBytes, 8),
    text(ids.docType, 'matroska'),
    unsigned(ids.docTypeVersion, 4),
    unsigned(ids.docTypeReadVersion, 2),
  )
}

/** Where the film begins, its size known. */
export const segmentStart = (size: number): Buffer => elementStart(ids.segment, size)

/** `milliseconds` is how long the film is; null while nobody knows. */
export function information(milliseconds: number | null): Buffer {
  return element(
    ids.info,
    unsigned(ids.timestampScale, timestampScale),
    text(ids.muxingApp, muxer),
    text(ids.writingApp, muxer),
    ...(milliseconds === null ? [] : [float64(ids.duration, milliseconds)]),
  )
}

export function trackList(tracks: readonly MatroskaTrack[]): Buffer {
  return element(ids.tracks, ...tracks.map((track, index) => trackEntry(track, index + 1)))
}

const trackTypes = { picture: 1, sound: 2, text: 17 } as const

function trackEntry(track: MatroskaTrack, number: number): Buffer {
  return element(
    ids.trackEntry,
    unsigned(ids.trackNumber, number),
    unsigned(ids.trackUid, number),
    unsigned(ids.flagLacing, 0),
    text(ids.language, track.language ?? 'und'),
    unsigned(ids.flagDefault, 0),
    text(ids.codecId, track.codecId),
    unsigned(ids.trackType, trackTypes[track.kind]),
    ...(track.kind === 'picture' ? pictureElements(track) : []),
    ...(track.kind === 'sound' ? [soundElement(track)] : []),
    ...(track.codecPrivate ? [element(ids.codecPrivate, track.codecPrivate)] : []),
  )
}

const progressive = 2

function pictureElements({ rate, width, height, aspectRatio, color }: PictureTrackEntry): Buffer[] {
  const isSquare = aspectRatio.width === aspectRatio.height
  const shownWidth = Math.round((width * aspectRatio.width) / aspectRatio.height)
  const shown = [unsigned(ids.displayWidth, shownWidth), unsigned(ids.displayHeight, height)]
  return [
    unsigned(ids.defaultDuration, Math.floor((1e9 * rate.den) / rate.num)),
    element(
      ids.video,
      unsigned(ids.pixelWidth, width),
      unsigned(ids.pixelHeight, height),
      unsigned(ids.flagInterlaced, progressive),
      ...(isSquare ? [] : shown),
      ...(color ? [colorElement(color)] : []),
    ),
  ]
}

function colorElement({
  matrix,
  transfer,
  primaries,
  full,
}: NonNullable<PictureTrackEntry['color']>): Buffer {
  return element(
    ids.colour,
    unsigned(ids.matrix, matrix),
    unsigned(ids.transfer, transfer),
    unsigned(ids.primaries, primaries),
    unsigned(ids.range, full ? 2 : 1),
  )
}

function soundElement({ rate, channels }: SoundTrackEntry): Buffer {
  return element(ids.audio, unsigned(ids.channels, channels), float64(ids.samplingFrequency, rate))
}
