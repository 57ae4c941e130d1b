import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toNumber } from '../../media/rational.ts'
import type { AccessUnit } from '../mpegts/units.ts'
import { splitSample } from './nal-units.ts'
import { pictureSamples, pictureTicks, pictureTrack } from './picture-track.ts'
import { sampleWish, writeSequence } from './testing/sample-sequence.ts'

const startCode = Buffer.from([0, 0, 0, 1])
const sequence = writeSequence(sampleWish)
const pictureSet = Buffer.from([0x68, 0xef])
const delimiter = Buffer.from([0x09, 0xf0])
const keySlice = Buffer.from([0x65, 0x88, 0x80])
const slice = Buffer.from([0x41, 0x9a])

const stream = (...units: Buffer[]): Buffer => Buffer.concat(units.flatMap((unit) => [startCode, unit]))
const rates = [
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30, den: 1 },
  { num: 2997, den: 125 },
  { num: 24000, den: 1001 },
  { num: 60000, den: 1001 },
]

/** Pictures that are shown in these slots, in decoding order, with times as an MPEG-TS muxer rounds them. */
function pictures(slots: readonly number[], rate = rates[1]!, at = 0, reorder = 2): AccessUnit[] {
  const ticks = (slot: number) => Math.round((slot / toNumber(rate)) * 90_000 + 1_800_000)
  return slots.map((slot, index) => ({
    pts: ticks(at + slot) % 2 ** 33,
    dts: ticks(at + index - reorder) % 2 ** 33,
    data: index === 0 ? stream(delimiter, sequence, pictureSet, keySlice) : stream(delimiter, slice),
  }))
}

describe('the ticks of a track', () => {
  it.each([
    [{ num: 24, den: 1 }, 12288, 512],
    [{ num: 30, den: 1 }, 15360, 512],
    [{ num: 2997, den: 125 }, 11988, 500],
    [{ num: 24000, den: 1001 }, 24000, 1001],
  ])('are those of FFmpeg at %o', (rate, timescale, duration) => {
    expect(pictureTicks(rate)).toEqual({ timescale, duration })
  })
})

describe('the track of pictures', () => {
  it('has the size, and begins as much later as pictures wait for others', () => {
    const { track, reorder } = pictureTrack(pictures([0, 4, 2, 1, 3]), rates[1]!)
    expect({ ...track, sampleEntry: null }).toEqual({
      ...{ kind: 'picture', timescale: 12800, delay: 1024, width: 1280, height: 720, sampleEntry: null },
    })
    expect(reorder).toBe(2)
  })
  it('waits as long as the encoder declares when its first segment has one picture', () => {
    expect(pictureTrack(pictures([0], rates[1]!, 0, 0), rates[1]!).reorder).toBe(2)
  })
  it('waits as long as it is seen to when the encoder declares less', () => {
    const declaring = pictures([0, 1], rates[1]!, 0, 3)
    expect(pictureTrack(declaring, rates[1]!).reorder).toBe(3)
  })
  it('is shown as wide as its samples are', () => {
    const wide = writeSequence({
      ...sampleWish,
      width: 720,
      height: 576,
      sampleAspectRatio: { width: 64, height: 45 },
    })
    const unit = { pts: 0, dts: 0, data: stream(wide, pictureSet, keySlice) }
    expect(pictureTrack([unit], rates[1]!).track).toMatchObject({ width: 1024, height: 576 })
  })
  it.each([
    ['nothing', []],
    ['a picture without parameter sets', [{ pts: 0, dts: 0, data: stream(keySlice) }]],
  ])('cannot be made of %s', (_, units) => {
    expect(() => pictureTrack(units, rates[1]!)).toThrow('pictures that begin without parameter sets')
  })
})

describe('the samples of a segment', () => {
  const track = pictureTrack(pictures([0, 4, 2, 1, 3]), rates[1]!)
  const firstTicks = 1_800_000

  it('are shown in the slots where the transport stream shows them, at any rate and place', () => {
    const order = fc.constantFrom([0, 1, 2, 3], [0, 4, 2, 1, 3], [0, 2, 1, 4, 3, 5])
    fc.assert(
      fc.property(order, fc.constantFrom(...rates), fc.nat(3_000_000), (slots, rate, at) => {
        const units = pictures(slots, rate, at)
        const begin = Math.round((at / toNumber(rate)) * 90_000 + 1_800_000)
        const samples = pictureSamples(pictureTrack(units, rate), units, rate, begin)
        const { duration } = pictureTicks(rate)
        expect(samples.map((each, index) => index + each.compositionOffset / duration - 2)).toEqual(slots)
        expect(samples.every((each) => each.duration === duration)).toBe(true)
      }),
    )
  })
  it.each([0, 1, 4])('wait as long as the session does: %i slots', (reorder) => {
    const own = { ...track, reorder }
    const samples = pictureSamples(own, pictures([0, 1, 2], rates[1]!, 0, 0), rates[1]!, firstTicks)
    expect(samples.map(({ compositionOffset }) => compositionOffset / 512)).toEqual([
      reorder,
      reorder,
      reorder,
    ])
  })
  it('of an encoder without reordering are decoded as early as those of the others', () => {
    const samples = pictureSamples(track, pictures([0, 1, 2], rates[1]!, 0, 0), rates[1]!, firstTicks)
    expect(samples.map(({ compositionOffset }) => compositionOffset)).toEqual([1024, 1024, 1024])
  })
  it('keep parameter sets in the stream, and lose the delimiters', () => {
    const [first, second] = pictureSamples(track, pictures([0, 1]), rates[1]!, firstTicks)
    expect(splitSample(first!.data)).toEqual([sequence, pictureSet, keySlice])
    expect(splitSample(second!.data)).toEqual([slice])
    expect([first!.isSync, second!.isSync]).toEqual([true, false])
  })
  it('with parameter sets other than the session has are refused, with what differs', () => {
    const other = writeSequence({ ...sampleWish, level: 40 })
    const unit = { ...pictures([0])[0]!, data: stream(other, pictureSet, keySlice) }
    expect(() => pictureSamples(track, [unit], rates[1]!, firstTicks)).toThrow(
      /^Not a whole MP4 file: sequence parameter set 67/,
    )
  })
  it('that wait longer than the session does are refused', () => {
    const deep = pictures([0, 5, 4, 3, 2, 1])
    expect(() => pictureSamples(track, deep, rates[1]!, firstTicks)).toThrow(
      'picture 5 is decoded after it is shown',
    )
  })
})
