import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { soundSamples } from './sound-samples.ts'
import { soundFrames, soundTrack } from './sound-track.ts'
import { adtsFrame } from './testing/adts-frame.ts'

const format = { objectType: 2, rateIndex: 3, channelConfiguration: 2 }
const data = adtsFrame(format, Buffer.from([1, 2, 3]))
const ticks = (samples: number, rate = 48_000): number => Math.round((samples / rate) * 90_000) + 1_800_000
const origin = { ticks: 1_800_000, seconds: 0 }

describe('frames of sound in a transport stream', () => {
  it('are placed at the very sample, at any rate', () => {
    const wish = fc.record({
      rate: fc.constantFrom([3, 48_000], [4, 44_100], [5, 32_000]),
      start: fc.integer({ min: -1024, max: 400_000_000 }),
    })
    fc.assert(
      fc.property(wish, ({ rate: [rateIndex, rate], start }) => {
        const pts = ticks(start, rate) % 2 ** 33
        // On a whole second, so that its ticks are exact: two roundings would be half a sample.
        const seconds = Math.floor(start / rate!) - 1
        const near = { ticks: ticks(seconds * rate!, rate) % 2 ** 33, seconds }
        const unit = { pts, dts: pts, data: adtsFrame({ ...format, rateIndex: rateIndex! }, Buffer.alloc(3)) }
        const [read] = soundFrames([unit], near)
        const { frame } = read!
        expect({ ...frame, start: frame.start + 0 }).toEqual({ start, duration: 1024, data: Buffer.alloc(3) })
      }),
    )
  })
  it('last as many samples as their decoding time tells', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1024 }), (samples) => {
        const pts = ticks(96_000)
        const dts = pts - Math.round(((1024 - samples) * 90_000) / 48_000)
        expect(soundFrames([{ pts, dts, data }], origin)[0]!.frame.duration).toBe(samples)
      }),
    )
  })
  it('are placed across the wrap of 33 bits', () => {
    const before = { ticks: 2 ** 33 - 9_000, seconds: 95_000 }
    const [read] = soundFrames([{ pts: 9_000, dts: 9_000, data }], before)
    expect(read!.frame.start).toBe(Math.round(95_000.2 * 48_000))
  })
})

describe('the track of sound', () => {
  it('begins at the end of the priming', () => {
    const track = soundTrack({ ...format, rate: 48_000 }, 160_000)
    expect(track).toMatchObject({ kind: 'sound', timescale: 48_000, delay: 1024, width: 0, height: 0 })
  })
  it('has the sample entry that FFmpeg writes, but for the bit rate', () => {
    const { sampleEntry } = soundTrack({ ...format, rate: 48_000, channelConfiguration: 1 }, 69_000)
    expect(sampleEntry.toString('hex')).toBe(
      '0000006e6d703461000000000000000100000000000000000002001000000000bb800000000000366573647300000000' +
        '03808080250001000480808017401500000000010d8800010d88058080800511' +
        '8856e500068080800102000000146274727400000000' +
        '00010d8800010d88',
    )
  })
})

describe('samples of sound', () => {
  it('last until the next begins, and the last one as long as it is', () => {
    const frame = { data: Buffer.alloc(1), duration: 1024 }
    const frames = [
      { ...frame, start: 0 },
      { ...frame, start: 1024 },
      { ...frame, start: 2100, duration: 300 },
    ]
    expect(soundSamples(frames).map(({ duration }) => duration)).toEqual([1024, 1076, 300])
  })
})
