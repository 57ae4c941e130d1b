import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readH264Sequence } from './h264-sequence.ts'
import { sampleWish, writeSequence } from './testing/sample-sequence.ts'

const byte = fc.nat(255)
const wish = fc.record({
  profile: fc.constantFrom(66, 77, 100, 244),
  level: fc.constantFrom(12, 30, 31, 40, 51),
  chromaFormat: fc.constantFrom(1, 2, 3),
  width: fc.integer({ min: 8, max: 2048 }).map((half) => half * 2),
  height: fc.integer({ min: 2, max: 540 }).map((quarter) => quarter * 4),
  sampleAspectRatio: fc.record({
    width: fc.integer({ min: 1, max: 65535 }),
    height: fc.integer({ min: 1, max: 65535 }),
  }),
  color: fc.option(fc.record({ primaries: byte, transfer: byte, matrix: byte, full: fc.boolean() })),
  reorderFrames: fc.option(fc.nat(16)),
  interlaced: fc.boolean(),
  scalingLists: fc.boolean(),
  pictureOrder: fc.constantFrom(0 as const, 1 as const, 2 as const),
  buffering: fc.boolean(),
})

describe('a sequence parameter set', () => {
  it('is read whatever else is in it', () => {
    fc.assert(
      fc.property(wish, (wished) => {
        const hasChroma = wished.profile === 100 || wished.profile === 244
        const asked = hasChroma ? wished : { ...wished, chromaFormat: 1 }
        const { interlaced, scalingLists, pictureOrder, buffering, ...said } = asked
        expect(readH264Sequence(writeSequence(asked))).toEqual({
          ...said,
          ...{ constraints: 0, lumaBits: 8, chromaBits: 8, tick: { unitsInTick: 1, timeScale: 50 } },
        })
      }),
    )
  })
  it.each([
    // Written by x264 for 320 x 180 at 24 and 25 frames a second, yuv444p and yuv420p.
    ['67f4000c919b282833f1b808800000030080000018078a14cb', 244, 12, 3, 2],
    ['6764000cacd941419f9f011000000300100000030320f1429960', 100, 12, 1, 2],
  ])('of x264 is read: %s', (hex, profile, level, chromaFormat, reorderFrames) => {
    expect(readH264Sequence(Buffer.from(hex, 'hex'))).toMatchObject({
      ...{ profile, level, chromaFormat, reorderFrames, width: 320, height: 180 },
      sampleAspectRatio: { width: 1, height: 1 },
    })
  })
  it('without usability information has square samples and says nothing of reordering', () => {
    // Baseline, 16 x 16, and nothing more: after the level 1 1 011 1 0 1 1 1 1 0 0 and the stop bit.
    const unit = Buffer.from([0x67, 66, 0, 10, 0b11011101, 0b11100100])
    expect(readH264Sequence(unit)).toMatchObject({
      ...{ width: 16, height: 16, color: null, reorderFrames: null },
      sampleAspectRatio: { width: 1, height: 1 },
    })
  })
  it('with an aspect ratio of nothing has square samples', () => {
    const unit = writeSequence({ ...sampleWish, sampleAspectRatio: { width: 0, height: 5 } })
    expect(readH264Sequence(unit).sampleAspectRatio).toEqual({ width: 1, height: 1 })
  })
})
