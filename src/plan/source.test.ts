import { describe, expect, it } from 'vitest'
import {
  fasterShiftSeconds,
  firstSlot,
  gridRate,
  gridShiftSeconds,
  guessedRate,
  hasConstantRate,
  lengthsLie,
  pictureFacts,
  planInput,
  soundSource,
  streamEndSeconds,
} from './source.ts'
import { sampleAudio, sampleInfo, sampleVideo } from './testing/sample-info.ts'

const rates = (average: [number, number] | null, real: [number, number] | null) => ({
  ...sampleVideo,
  averageRate: average && { num: average[0], den: average[1] },
  realRate: real && { num: real[0], den: real[1] },
})

describe('an input', () => {
  it.each([
    ['an index', ['mov', 'mp4'], 0.25],
    ['an index of another kind', ['matroska', 'webm'], 0.25],
    ['none: a transport stream', ['mpegts'], 12],
    ['none: a program stream', ['mpeg'], 12],
    ['none: bare H.264', ['h264'], 12],
    ['none: AVI', ['avi'], 12],
  ])('with %s is decoded from a while before what is wanted', (_name, formats, margin) => {
    expect(planInput('/a', sampleInfo(undefined, { formats })).seekMarginSeconds).toBe(margin)
  })

  it('keeps the limits that the server set for probing', () => {
    const limits = { analyzeDuration: '20000000', probeSize: '5000000' }
    expect(planInput('/a', sampleInfo(), limits)).toEqual({ path: '/a', seekMarginSeconds: 0.25, ...limits })
  })
})

describe('the rate of the grid', () => {
  it.each<[string, [number, number] | null, [number, number] | null, [number, number]]>([
    ['the file’s own', [25, 1], [25, 1], [25, 1]],
    ['the file’s own, however odd', [2997, 125], [2997, 125], [2997, 125]],
    ['that of the grid when the mean is a little off', [71_928, 3_000], [24_000, 1_001], [24_000, 1_001]],
    ['the next usual one above a variable rate’s mean', [27, 1], [90_000, 1], [30_000, 1_001]],
    ['a usual one that is the mean', [30, 1], [600, 1], [30, 1]],
    ['the fastest usual one', [144, 1], [600, 1], [60, 1]],
    ['the real one where there is no mean', null, [24, 1], [24, 1]],
    ['that of television where nothing is known', null, null, [25, 1]],
  ])('is %s', (_name, average, real, [num, den]) => {
    expect(gridRate(rates(average, real))).toEqual({ num, den })
  })

  it('is constant only when both rates say so', () => {
    expect(hasConstantRate(rates([25, 1], [25, 1]))).toBe(true)
    expect(hasConstantRate(rates([24_990, 1_000], [25, 1]))).toBe(true)
    expect(hasConstantRate(rates([24_950, 1_000], [25, 1]))).toBe(false)
    expect(hasConstantRate(rates([25, 1], null))).toBe(false)
    expect(hasConstantRate(rates(null, [25, 1]))).toBe(false)
  })
})

describe('the rate that FFmpeg guesses', () => {
  it.each<[string, [number, number] | null, [number, number] | null, [number, number] | null]>([
    ['that of all times, of a film of constant rate', [25, 1], [25, 1], [25, 1]],
    ['that of all times, where some are left out', [20, 1], [30, 1], [30, 1]],
    ['the mean, where times are finer than any picture’s', [24, 1], [90_000, 1], [24, 1]],
    ['that of all times, where there are more pictures than a mean can have', [1000, 1], [60, 1], [60, 1]],
    ['the one that there is', null, [50, 1], [50, 1]],
    ['none where there is none', null, null, null],
  ])('is %s', (_name, average, real, rate) => {
    expect(guessedRate(rates(average, real))).toEqual(rate && { num: rate[0], den: rate[1] })
  })

  it('shows by a mean above it that lengths of frames lie', () => {
    expect(lengthsLie(rates([1000, 1], [60, 1]))).toBe(true)
    expect(lengthsLie(rates([25, 1], [25, 1]))).toBe(false)
    expect(lengthsLie(rates([24, 1], [90_000, 1]))).toBe(false)
    expect(lengthsLie(rates(null, [60, 1]))).toBe(false)
  })
})

describe('where the first picture lies on the grid', () => {
  const info = sampleInfo(undefined, { startSeconds: 1.4 })
  const startingAt = (startSeconds: number) => ({ ...sampleVideo, startSeconds })
  const rate = { num: 25, den: 1 }

  it.each([
    ['with the file', 1.4, 0, 0],
    ['less than half a slot later', 1.41, 0, -0.01],
    ['more than half a slot later', 1.421333, 1, 0.018667],
    ['much later', 2.1, 18, 0.02],
  ])('%s: the nearest slot, to which its times are moved', (_name, startSeconds, slot, shift) => {
    const stream = startingAt(startSeconds)
    expect(firstSlot(info, stream, rate)).toBe(slot)
    expect(gridShiftSeconds(info, stream, rate)).toBeCloseTo(shift, 9)
    expect(Math.abs(gridShiftSeconds(info, stream, rate))).toBeLessThanOrEqual(0.02 + 1e-12)
  })

  it('is not moved where the pictures are not those of the grid', () => {
    const stream = {
      ...startingAt(1.421333),
      realRate: { num: 50, den: 1 },
      averageRate: { num: 50, den: 1 },
    }
    expect(gridShiftSeconds(info, stream, rate)).toBe(0)
    const variable = { ...startingAt(1.421333), realRate: { num: 90_000, den: 1 } }
    expect(gridShiftSeconds(info, variable, rate)).toBe(0)
  })

  it('is the file’s start where the stream does not say', () => {
    expect(firstSlot(info, { ...sampleVideo, startSeconds: null }, rate)).toBe(0)
  })
})

describe('a source that is faster than the grid', () => {
  const slotsAt24 = (stream: ReturnType<typeof rates>) =>
    (fasterShiftSeconds(stream, { num: 24, den: 1 }) ?? Number.NaN) * 24

  it('is moved by what FFmpeg lets its frames be too early, and half a slot', () => {
    expect(slotsAt24(rates([30, 1], [30, 1]))).toBeCloseTo(1.6, 9)
    expect(slotsAt24(rates([60, 1], [60, 1]))).toBeCloseTo(1.6, 9)
  })

  it('is moved by the length that its frames have for the rule, but not for the grid', () => {
    expect(slotsAt24(rates([30, 1], [60, 1]))).toBeCloseTo(1.6 + 0.4 - 0.8, 9)
    // Its last frame has a slot of its own in any case.
    expect(slotsAt24(rates([1_000, 1], [60, 1]))).toBeCloseTo(1.1 + 0.4 - 0.024, 9)
  })

  it('is none of the same rate, or of a lower one', () => {
    expect(fasterShiftSeconds(rates([24, 1], [24, 1]), { num: 24_000, den: 1_001 })).toBeNull()
    expect(fasterShiftSeconds(rates([20, 1], [20, 1]), { num: 24, den: 1 })).toBeNull()
    expect(fasterShiftSeconds(rates(null, null), { num: 24, den: 1 })).toBeNull()
  })
})

describe('the end of a stream', () => {
  it.each([
    ['its own length, from its own start', 'mp4', { startSeconds: 1.5, durationSeconds: 10 }, 10.1],
    ['the file’s length where it has none', 'mp4', { startSeconds: 1.5, durationSeconds: null }, 100],
    ['a time in Matroska, not a length', 'matroska', { startSeconds: 1.5, durationSeconds: 10 }, 8.6],
  ])('is %s', (_name, format, change, seconds) => {
    const info = sampleInfo(undefined, { startSeconds: 1.4, formats: [format] })
    expect(streamEndSeconds(info, { ...sampleVideo, ...change })).toBeCloseTo(seconds, 9)
  })

  it('is not known where neither says', () => {
    for (const formats of [['mp4'], ['matroska']]) {
      const info = sampleInfo(undefined, { durationSeconds: null, formats })
      expect(streamEndSeconds(info, { ...sampleVideo, durationSeconds: null })).toBeNull()
    }
  })
})

describe('sound of a source', () => {
  const info = sampleInfo(undefined, { startSeconds: 1.4 })
  const rounded = { num: 1, den: 1_000 }

  it('begins with its stream, or where the session seeks to when that is later', () => {
    const stream = { ...sampleAudio, startSeconds: 1.9 }
    expect(soundSource(info, stream, 0).firstSampleSeconds).toBeCloseTo(0.5, 9)
    expect(soundSource(info, stream, 0.2).firstSampleSeconds).toBeCloseTo(0.5, 9)
    expect(soundSource(info, stream, 30)).toMatchObject({ firstSampleSeconds: 30, seekSeconds: 30 })
  })

  it('can be told exactly where its container rounds', () => {
    const stream = { ...sampleAudio, startSeconds: 1.421, timeBase: rounded }
    const { samples, rate, firstSeconds } = soundSource(info, stream, 30).sourceFrames!
    // Frames of 1024 samples lie on the grid that is told.
    expect([1_024 % samples, rate]).toEqual([0, 48_000])
    expect(firstSeconds).toBeCloseTo(0.021, 9)
  })

  it('is taken as it is where the container does not round', () => {
    const exact = { ...sampleAudio, timeBase: { num: 1, den: 48_000 } }
    expect(soundSource(info, exact, 0)).not.toHaveProperty('sourceFrames')
  })
})

describe('what leases have to know of pictures', () => {
  it.each([
    ['their size', {}, { size: { width: 1920, height: 1080 } }],
    [
      'their size when they have been turned',
      { rotationDegrees: -90 },
      { size: { width: 1080, height: 1920 }, turned: 'clock' },
    ],
    [
      'their size when they stand on their head',
      { rotationDegrees: 180 },
      { size: { width: 1920, height: 1080 }, turned: 'half' },
    ],
    [
      'that they begin late',
      { startSeconds: 3.5 },
      { size: { width: 1920, height: 1080 }, beginsSeconds: 1.5 },
    ],
    ['nothing where the file does not say', { width: 0, height: 0 }, {}],
    [
      'no turn for a slant, for which FFmpeg has another filter',
      { rotationDegrees: 30 },
      { size: { width: 1080, height: 1920 } },
    ],
  ])('is %s', (_name, change, facts) => {
    const stream = {
      ...sampleVideo,
      width: 1920,
      height: 1080,
      startSeconds: 2,
      rotationDegrees: 0,
      ...change,
    }
    expect(pictureFacts({ ...sampleInfo(), startSeconds: 2 }, stream)).toEqual(facts)
  })
})
