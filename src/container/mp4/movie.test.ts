import { describe, expect, it } from 'vitest'
import { makeFilm, type SampleFilm, sampleRate, soundFrom, wholeFile } from '../testing/whole-file.ts'
import { boxAt, readBoxes } from './box.ts'
import { createMovieWriter, type MovieOptions } from './movie.ts'
import { type ReadTrack, readMovie } from './testing/read-movie.ts'

const film: SampleFilm = { segments: [30, 30, 7], sound: soundFrom(-1024, 126) }

function movie(of: SampleFilm = film, change: Partial<MovieOptions> = {}): Buffer {
  const options = { rate: sampleRate, indexFirst: { expectedSeconds: 3 }, soundBitrate: 162_000 }
  return wholeFile(makeFilm(of, (weaver) => createMovieWriter({ ...options, weaver, ...change })))
}

const typesOf = (file: Buffer): string[] => readBoxes(file).map(({ type }) => type)

/** When each sample is shown or heard, as a player that follows the edits has it, seconds. */
function playedAt({ timescale, edits, samples }: ReadTrack, movieTimescale: number): number[] {
  const empty = edits.length === 2 ? edits[0]!.duration / movieTimescale : 0
  const { mediaTime } = edits.at(-1)!
  return samples.map(({ showTime }) => empty + (showTime - mediaTime) / timescale)
}

describe('a movie', () => {
  it('has its index before the film, and what is left of the room behind it', () => {
    expect(typesOf(movie())).toEqual(['ftyp', 'moov', 'free', 'mdat'])
  })

  it('has its index behind the film where nobody asks for it first', () => {
    expect(typesOf(movie(film, { indexFirst: null }))).toEqual(['ftyp', 'mdat', 'moov'])
  })

  it('has its index behind the film where there was too little room, and is as whole', () => {
    const long: SampleFilm = { segments: Array<number>(60).fill(200), sound: [] }
    const file = movie(long, { indexFirst: { expectedSeconds: 0 } })
    expect(typesOf(file)).toEqual(['ftyp', 'free', 'mdat', 'moov'])
    expect(readMovie(file).tracks[0]!.samples).toHaveLength(12_000)
  })

  it('has room enough where the film is as long as expected, or a little longer', () => {
    for (const seconds of [2, 60, 600]) {
      const count = Math.round(seconds * 25 * 1.04)
      const file = movie(
        { segments: Array<number>(Math.ceil(count / 50)).fill(50), sound: soundFrom(-1024, seconds * 48) },
        { indexFirst: { expectedSeconds: seconds } },
      )
      expect(typesOf(file), `${seconds} s`).toEqual(['ftyp', 'moov', 'free', 'mdat'])
    }
  })

  it('has every sample where its index says, in the order of decoding', () => {
    const { tracks } = readMovie(movie())
    const [pictures, sound] = tracks
    expect(tracks.map(({ kind }) => kind)).toEqual(['vide', 'soun'])
    expect(pictures!.samples).toHaveLength(67)
    // The second byte of a picture's slice is its slot in its segment; the first of a segment is a key frame.
    expect(pictures!.samples.map(({ data, isSync }) => (isSync ? 'key' : data[5]))).toEqual(
      [30, 30, 7].flatMap((count) => ['key', ...Array.from({ length: count - 1 }, (_, slot) => slot + 1)]),
    )
    expect(sound!.samples.map(({ data }) => Number(data.toString()))).toEqual(film.sound)
  })

  it('plays sound and pictures at their times, priming left out', () => {
    const { timescale, tracks } = readMovie(movie())
    const [pictures, sound] = tracks
    playedAt(pictures!, timescale).forEach((seconds, slot) => {
      expect(seconds).toBeCloseTo(slot / 25, 9)
    })
    expect(playedAt(sound!, timescale)).toEqual(film.sound!.map((start) => start / 48_000))
    expect(sound!.edits).toEqual([{ mediaTime: 1024, duration: 125 * 1024 }])
    expect(pictures!.edits).toEqual([{ mediaTime: 1024, duration: 67 * 1_920 }])
  })

  it('begins pictures or sound later where the film does', () => {
    const { timescale, tracks } = readMovie(movie({ ...film, firstSlot: 10, sound: soundFrom(4_777, 100) }))
    expect(playedAt(tracks[0]!, timescale)[0]).toBeCloseTo(0.4, 9)
    expect(playedAt(tracks[1]!, timescale)[0]).toBeCloseTo(4_777 / 48_000, 9)
    expect(tracks[1]!.edits[0]).toEqual({ duration: 4_777 + 1024, mediaTime: -1 })
  })

  it('lets sound last until the next begins, across segments too', () => {
    const gap = [...soundFrom(-1024, 60), ...soundFrom(60_500, 60)]
    const { timescale, tracks } = readMovie(movie({ ...film, sound: gap }))
    expect(playedAt(tracks[1]!, timescale).map((seconds) => Math.round(seconds * 48_000))).toEqual(gap)
  })

  it('changes between pictures and sound at least each second, so that players need not jump', () => {
    const file = movie({ segments: [200], sound: soundFrom(-1024, 370) })
    const [pictures] = readBoxes(boxAt(file, 'moov')).filter(({ type }) => type === 'trak')
    const chunks = boxAt(pictures!.content, 'mdia', 'minf', 'stbl', 'stco').readUInt32BE(4)
    expect(chunks).toBe(8)
  })

  it('has a silent film’s pictures alone', () => {
    const { timescale, tracks } = readMovie(movie({ segments: [25] }))
    expect(tracks.map(({ kind }) => kind)).toEqual(['vide'])
    expect(timescale).toBe(12_800)
  })

  it('says in which language sound and pictures are', () => {
    const languages = { pictureLanguage: 'ger', soundLanguage: 'qaa' }
    expect(readMovie(movie(film, languages)).tracks.map(({ language }) => language)).toEqual(['ger', 'qaa'])
    expect(readMovie(movie(film, { soundLanguage: 'Deutsch' })).tracks[1]!.language).toBe('und')
  })

  it('gives out each segment as it comes, and keeps none', () => {
    const pieces = makeFilm(film, (weaver) =>
      createMovieWriter({ ...{ rate: sampleRate, weaver, indexFirst: null, soundBitrate: 0 } }),
    )
    // Beginning, header of the data, three segments, the last frame of sound, the header again, the index.
    expect(pieces).toHaveLength(8)
    const data = pieces.slice(2, 6)
    for (const [index, { position, bytes }] of data.slice(0, -1).entries()) {
      expect(data[index + 1]!.position).toBe(position + bytes.length)
    }
  })
})
