import type { FilmWriter, Piece } from '../film.ts'
import { pictureFile, sampleOffsetSeconds, soundFile } from '../mp4/testing/sample-stream.ts'
import { createSampleWeaver, type SampleWeaver } from '../mp4/woven-samples.ts'

/** The file that pieces make, written in their order. */
export function wholeFile(pieces: readonly Piece[]): Buffer {
  const file = Buffer.alloc(Math.max(0, ...pieces.map(({ position, bytes }) => position + bytes.length)))
  for (const { position, bytes } of pieces) bytes.copy(file, position)
  return file
}

export const sampleRate = { num: 25, den: 1 }

export interface SampleFilm {
  /** Pictures of each segment. */
  readonly segments: readonly number[]
  readonly firstSlot?: number
  /** First samples of all frames of sound; none: a silent film. */
  readonly sound?: readonly number[]
}

/** Makes a film of segments at 25 pictures a second, each in the order in which it is shown but for the reordering. */
export function makeFilm(film: SampleFilm, writer: (weaver: SampleWeaver) => FilmWriter): Piece[] {
  const weaver = createSampleWeaver({ rate: sampleRate, offsetSeconds: sampleOffsetSeconds })
  const made = writer(weaver)
  if (film.sound) weaver.addSound(soundFile(film.sound))
  let firstSlot = film.firstSlot ?? 0
  const pieces = film.segments.flatMap((count, index) => {
    const order = Array.from({ length: count }, (_, slot) => slot)
    const file = pictureFile({ rate: sampleRate, firstSlot, order })
    const isLast = index === film.segments.length - 1
    const taken = weaver.take(file, { firstSlot, nextSlot: isLast ? null : firstSlot + count })
    firstSlot += count
    return made.add(taken)
  })
  return [...pieces, ...made.finish()]
}

/** So many frames of AAC, one after the other. */
export const soundFrom = (start: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => start + index * 1024)
