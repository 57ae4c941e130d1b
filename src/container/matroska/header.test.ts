import { describe, expect, it } from 'vitest'
import { ids } from './ebml.ts'
import {
  information,
  type MatroskaTrack,
  matroskaHeader,
  type PictureTrackEntry,
  trackList,
} from './header.ts'
import { elementAt, readElements } from './read-elements.ts'

const picture: PictureTrackEntry = {
  ...{ kind: 'picture', codecId: 'V_MPEG4/ISO/AVC', codecPrivate: Buffer.from([1, 2, 3]), language: 'ger' },
  ...{ rate: { num: 24_000, den: 1001 }, width: 640, height: 360, aspectRatio: { width: 1, height: 1 } },
  color: null,
}
const sound: MatroskaTrack = {
  ...{ kind: 'sound', codecId: 'A_AAC', codecPrivate: Buffer.from([0x11, 0x90]), rate: 48_000, channels: 2 },
}

const numbers = (bytes: Buffer): Map<number, string> =>
  new Map(readElements(bytes).map(({ id, content }) => [id, content.toString('hex')]))
const tracks = (list: readonly MatroskaTrack[]): Buffer[] =>
  readElements(elementAt(trackList(list), ids.tracks)).map(({ content }) => content)

describe('a header file', () => {
  it('is everything before the first cluster, and open for all that follow', () => {
    const bytes = matroskaHeader([picture, sound])
    const [head, segment] = readElements(bytes)
    expect(elementAt(head!.content, ids.docType).toString()).toBe('matroska')
    expect(segment!.id).toBe(ids.segment)
    expect(bytes.includes(Buffer.from('1853806701ffffffffffffff', 'hex'))).toBe(true)
    expect(readElements(segment!.content).map(({ id }) => id)).toEqual([ids.info, ids.tracks])
  })

  it('is the same each time', () => {
    expect(matroskaHeader([picture, sound]).equals(matroskaHeader([picture, sound]))).toBe(true)
  })

  it('counts in milliseconds, and says how long the film is only where that is known', () => {
    expect(numbers(elementAt(information(null), ids.info)).get(ids.timestampScale)).toBe('0f4240')
    expect(numbers(elementAt(information(null), ids.info)).has(ids.duration)).toBe(false)
    expect(elementAt(information(1234.5), ids.info, ids.duration).readDoubleBE()).toBe(1234.5)
  })
})

describe('an entry', () => {
  it('of pictures says what they are', () => {
    const [entry] = tracks([picture])
    const facts = numbers(entry!)
    expect(facts.get(ids.trackNumber)).toBe('01')
    expect(facts.get(ids.trackType)).toBe('01')
    expect(facts.get(ids.defaultDuration)).toBe((41_708_333).toString(16).padStart(8, '0'))
    expect(facts.get(ids.codecPrivate)).toBe('010203')
    expect(elementAt(entry!, ids.language).toString()).toBe('ger')
    expect([...numbers(elementAt(entry!, ids.video)).keys()]).toEqual([
      ...[ids.pixelWidth, ids.pixelHeight, ids.flagInterlaced],
    ])
  })

  it('of pictures whose samples are not square says how wide they are shown', () => {
    const [entry] = tracks([{ ...picture, width: 720, height: 576, aspectRatio: { width: 64, height: 45 } }])
    const video = numbers(elementAt(entry!, ids.video))
    expect(video.get(ids.displayWidth)).toBe('0400')
    expect(video.get(ids.displayHeight)).toBe('0240')
  })

  it.each([
    [true, '02'],
    [false, '01'],
  ])('of pictures with colours told says which, all values used: %s', (full, range) => {
    const [entry] = tracks([{ ...picture, color: { primaries: 9, transfer: 16, matrix: 9, full } }])
    expect(Object.fromEntries(numbers(elementAt(entry!, ids.video, ids.colour)))).toEqual({
      ...{ [ids.primaries]: '09', [ids.transfer]: '10', [ids.matrix]: '09', [ids.range]: range },
    })
  })

  it('of sound says how fast and in how many channels, and a language that nobody told is none', () => {
    const [, entry] = tracks([picture, sound])
    const facts = numbers(entry!)
    expect([facts.get(ids.trackNumber), facts.get(ids.trackType)]).toEqual(['02', '02'])
    expect(elementAt(entry!, ids.language).toString()).toBe('und')
    expect(elementAt(entry!, ids.audio, ids.samplingFrequency).readDoubleBE()).toBe(48_000)
    expect(elementAt(entry!, ids.audio, ids.channels)).toEqual(Buffer.from([2]))
  })

  it('of a codec without anything to say before has nothing private', () => {
    const [entry] = tracks([{ ...sound, codecId: 'A_AC3', codecPrivate: null }])
    expect(numbers(entry!).has(ids.codecPrivate)).toBe(false)
  })
})
