import { describe, expect, it } from 'vitest'
import { boxAt, readBoxes } from './box.ts'
import { initSegment, type Track } from './init-segment.ts'
import { h264StreamType, pictureCodec } from './picture-codec.ts'
import { readInitSegment } from './read-segments.ts'
import { pictureEntry, soundEntry } from './sample-entry.ts'
import { sampleWish, writeSequence } from './testing/sample-sequence.ts'

const sequence = writeSequence(sampleWish)
const sets = { sequence: [sequence], picture: [Buffer.from([0x68, 0xef])] }
const description = pictureCodec(h264StreamType).describe(sets)
const picture: Track = {
  ...{ kind: 'picture', timescale: 12288, delay: 1024, width: 1280, height: 720 },
  sampleEntry: pictureEntry(description),
}
const aac = { objectType: 2, rateIndex: 3, rate: 48_000, channelConfiguration: 2 }
const sound: Track = {
  ...{ kind: 'sound', timescale: 48_000, delay: 1024, width: 0, height: 0 },
  sampleEntry: soundEntry(aac, 162_000),
}

describe('an init segment', () => {
  it.each([
    ['pictures', picture, 'avc1'],
    ['sound', sound, 'mp4a'],
  ])('of %s says what its segments need', (_, track, entryType) => {
    const { timescale, delay, sampleEntry } = track
    expect(readInitSegment(initSegment(track))).toEqual({ timescale, delay, sampleEntry, entryType })
  })
  it('has the boxes of FFmpeg, in its order, and nothing that a lease could change', () => {
    const bytes = initSegment(picture)
    expect(readBoxes(bytes).map(({ type }) => type)).toEqual(['ftyp', 'moov'])
    const types = (...path: string[]) => readBoxes(boxAt(bytes, ...path)).map(({ type }) => type)
    expect(types('moov')).toEqual(['mvhd', 'trak', 'mvex'])
    expect(types('moov', 'trak')).toEqual(['tkhd', 'edts', 'mdia'])
    expect(types('moov', 'trak', 'mdia', 'minf')).toEqual(['vmhd', 'dinf', 'stbl'])
    expect(types('moov', 'trak', 'mdia', 'minf', 'stbl')).toEqual(['stsd', 'stts', 'stsc', 'stsz', 'stco'])
    // Times of creation and change, and durations, are 0 everywhere.
    expect(boxAt(bytes, 'moov', 'mvhd').subarray(4, 12)).toEqual(Buffer.alloc(8))
    expect(boxAt(bytes, 'moov', 'trak', 'mdia', 'mdhd').readUInt32BE(16)).toBe(0)
  })
  it('is the same for the same track, byte for byte', () => {
    expect(initSegment(structuredCloneOf(picture))).toEqual(initSegment(picture))
  })
  it('gives the size of pictures and the volume of sound', () => {
    const header = (track: Track) => boxAt(initSegment(track), 'moov', 'trak', 'tkhd')
    expect(header(picture).readUInt32BE(76) / 65536).toBe(1280)
    expect(header(picture).readUInt32BE(80) / 65536).toBe(720)
    expect(header(picture).readUInt16BE(36)).toBe(0)
    expect(header(sound).readUInt16BE(36)).toBe(0x0100)
  })
})

const structuredCloneOf = (track: Track): Track => ({ ...track, sampleEntry: Buffer.from(track.sampleEntry) })

describe('the entry of pictures', () => {
  it('names colours when the encoder does', () => {
    const color = { primaries: 9, transfer: 16, matrix: 9, full: false }
    const entry = pictureEntry({ ...description, color })
    expect(entry.includes(Buffer.from('colrnclx\0\x09\0\x10\0\x09\0', 'latin1'))).toBe(true)
    expect(picture.sampleEntry.includes('colr')).toBe(false)
  })
  it('gives the shape of samples', () => {
    const sampleAspectRatio = { width: 64, height: 45 }
    const entry = pictureEntry({ ...description, sampleAspectRatio })
    expect(entry.subarray(-8).toString('hex')).toBe('000000400000002d')
  })
})
