import { describe, expect, it } from 'vitest'
import { lowComplexity } from '../mp4/adts.ts'
import { sampleWish } from '../mp4/testing/sample-sequence.ts'
import { pictureFile, sampleOffsetSeconds } from '../mp4/testing/sample-stream.ts'
import { createSampleWeaver } from '../mp4/woven-samples.ts'
import { pictureEntry, soundEntry } from './tracks.ts'

const rate = { num: 25, den: 1 }

function trackOf(sequence = sampleWish) {
  const weaver = createSampleWeaver({ rate, offsetSeconds: sampleOffsetSeconds })
  weaver.take(pictureFile({ rate, firstSlot: 0, order: [0], sequence }), { firstSlot: 0, nextSlot: null })
  return weaver.picture!
}

describe('the entry of pictures', () => {
  it('has their size, their rate and the decoder’s configuration', () => {
    const entry = pictureEntry(trackOf(), rate, 'fre')
    expect(entry).toMatchObject({
      ...{ kind: 'picture', codecId: 'V_MPEG4/ISO/AVC', rate, width: 1280, height: 720, language: 'fre' },
      ...{ aspectRatio: { width: 1, height: 1 }, color: null },
    })
    // Version, profile, constraints, level, lengths of four bytes, one sequence set.
    expect(entry.codecPrivate!.subarray(0, 6).toString('hex')).toBe('0164001fffe1')
  })
  it('has the colours that the encoder tells, and no language that nobody told', () => {
    const color = { primaries: 1, transfer: 1, matrix: 1, full: false }
    const entry = pictureEntry(trackOf({ ...sampleWish, color }), rate, undefined)
    expect(entry.color).toEqual(color)
    expect('language' in entry).toBe(false)
  })
})

describe('the entry of sound', () => {
  it('has rate, channels and configuration of the AAC', () => {
    expect(soundEntry(lowComplexity(44_100, 6), 'eng')).toEqual({
      ...{ kind: 'sound', codecId: 'A_AAC', rate: 44_100, channels: 6, language: 'eng' },
      codecPrivate: Buffer.from('123056e500', 'hex'),
    })
  })
})
