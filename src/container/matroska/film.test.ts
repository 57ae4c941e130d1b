import { describe, expect, it } from 'vitest'
import { lowComplexity } from '../mp4/adts.ts'
import { makeFilm, type SampleFilm, sampleRate, soundFrom, wholeFile } from '../testing/whole-file.ts'
import { ids } from './ebml.ts'
import { createMatroskaWriter } from './film.ts'
import { elementAt, readElements } from './read-elements.ts'

const film: SampleFilm = { segments: [30, 30, 7], sound: soundFrom(-1024, 126) }

const make = (of: SampleFilm = film): Buffer =>
  wholeFile(makeFilm(of, (weaver) => createMatroskaWriter({ rate: sampleRate, weaver })))

const numberIn = (bytes: Buffer): number => bytes.readUIntBE(0, bytes.length)

/** Times of a track's blocks. */
function timesOf(file: Buffer, track: number): number[] {
  return readElements(elementAt(file, ids.segment))
    .filter(({ id }) => id === ids.cluster)
    .flatMap(({ content }) => {
      const start = numberIn(elementAt(content, ids.timestamp))
      return readElements(content)
        .filter(({ id, content: block }) => id === ids.simpleBlock && (block[0]! & 0x7f) === track)
        .map(({ content: block }) => start + block.readInt16BE(1))
    })
}

describe('a film in Matroska', () => {
  it('is whole: its head, where everything is, the clusters and the index', () => {
    const file = make()
    const [head, segment, ...more] = readElements(file)
    expect([head!.id, segment!.id, more]).toEqual([ids.ebml, ids.segment, []])
    expect(readElements(segment!.content).map(({ id }) => id)).toEqual([
      ...[ids.seekHead, ids.nothing, ids.info, ids.tracks, ids.cluster, ids.cluster, ids.cluster, ids.cues],
    ])
    // Its size is known: the file does not look as if it were cut off.
    const start = file.indexOf('18538067', 0, 'hex') + 4
    expect(Number(file.readBigUInt64BE(start) & 0x00ffffffffffffffn)).toBe(file.length - start - 8)
  })

  it('begins at 0: all times are moved by the priming', () => {
    const file = make()
    expect(timesOf(file, 2)[0]).toBe(0)
    expect(timesOf(file, 1).slice(0, 3)).toEqual([21, 61, 101])
    expect(timesOf(file, 1)).toHaveLength(67)
    expect(timesOf(file, 2)).toHaveLength(126)
  })

  it('begins where it does when nothing comes before 0', () => {
    expect(timesOf(make({ segments: [5] }), 1)).toEqual([0, 40, 80, 120, 160])
    expect(timesOf(make({ segments: [5], firstSlot: 10 }), 1)[0]).toBe(400)
  })

  it('has a track for sound that begins later', () => {
    const tracks = (askedSound?: ReturnType<typeof lowComplexity>) => {
      const pieces = makeFilm({ segments: [5] }, (weaver) =>
        createMatroskaWriter({ rate: sampleRate, weaver, ...(askedSound && { askedSound }) }),
      )
      return readElements(elementAt(wholeFile(pieces), ids.segment, ids.tracks))
    }
    expect(tracks()).toHaveLength(1)
    const [, sound] = tracks(lowComplexity(48_000, 2))
    expect(elementAt(sound!.content, ids.codecId).toString()).toBe('A_AAC')
  })

  it('says how long it is: to the end of the longer of pictures and sound', () => {
    const seconds = (of: SampleFilm) =>
      elementAt(make(of), ids.segment, ids.info, ids.duration).readDoubleBE() / 1000
    expect(seconds({ segments: [25] })).toBe(1)
    expect(seconds({ segments: [25], sound: soundFrom(0, 94) })).toBe(2.005)
  })

  it('has an entry in its index for each segment, which leads to the cluster', () => {
    const file = make()
    const content = elementAt(file, ids.segment)
    const cues = readElements(elementAt(content, ids.cues)).map(({ content: cue }) => ({
      time: numberIn(elementAt(cue, ids.cueTime)),
      at: numberIn(elementAt(cue, ids.cueTrackPositions, ids.cueClusterPosition)),
    }))
    expect(cues.map(({ time }) => time)).toEqual([21, 1221, 2421])
    for (const { at, time } of cues) {
      const [cluster] = readElements(content.subarray(at))
      expect(cluster!.id).toBe(ids.cluster)
      expect(numberIn(elementAt(cluster!.content, ids.timestamp))).toBe(time)
    }
  })

  it('says at its beginning where its index is', () => {
    const content = elementAt(make(), ids.segment)
    const entries = readElements(elementAt(content, ids.seekHead)).map(({ content: seek }) => ({
      id: numberIn(elementAt(seek, ids.seekId)),
      at: numberIn(elementAt(seek, ids.seekPosition)),
    }))
    expect(entries.map(({ id }) => id)).toEqual([ids.info, ids.tracks, ids.cues])
    for (const { id, at } of entries) expect(readElements(content.subarray(at))[0]!.id).toBe(id)
  })
})
