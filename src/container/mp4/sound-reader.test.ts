import { describe, expect, it } from 'vitest'
import { sampleSoundSegment } from '../mpegts/testing/sample-segment.ts'
import { createSoundReader } from './sound-reader.ts'
import { adtsFrame } from './testing/adts-frame.ts'
import { sampleOffsetSeconds, soundFile } from './testing/sample-stream.ts'

const startsOf = (frames: readonly { start: number }[]): number[] => frames.map(({ start }) => start)

describe('reading sound', () => {
  it('places frames of one file after the other in source time', () => {
    const reader = createSoundReader(sampleOffsetSeconds)
    expect(reader.format).toBeNull()
    expect(startsOf(reader.read(soundFile([-1024, 0])))).toEqual([-1024, 0])
    expect(startsOf(reader.read(soundFile([1024, 5000])))).toEqual([1024, 5000])
    expect(reader.format).toMatchObject({ rate: 48_000, channelConfiguration: 2 })
  })

  it('goes on where the 33 bits of a time wrap, file by file', () => {
    const reader = createSoundReader(sampleOffsetSeconds)
    // Ten hours each: after three of them the clock has wrapped.
    const tenHours = 36_000 * 48_000
    const starts = [0, 1, 2, 3, 4].map((index) => index * tenHours)
    expect(starts.flatMap((start) => startsOf(reader.read(soundFile([start]))))).toEqual(starts)
  })

  it('finds nothing in a file without frames', () => {
    const reader = createSoundReader(sampleOffsetSeconds)
    expect(reader.read(soundFile([]))).toEqual([])
    expect(reader.format).toBeNull()
  })

  it('keeps the first format for the session', () => {
    const reader = createSoundReader(0)
    reader.read(soundFile([0]))
    const mono = adtsFrame({ objectType: 2, rateIndex: 3, channelConfiguration: 1 }, Buffer.from([1]))
    reader.read(sampleSoundSegment([{ pts: 1_800_000, dts: 1_800_000, data: mono }]))
    expect(reader.format).toMatchObject({ channelConfiguration: 2 })
  })
})
