import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rational, toNumber } from './rational.ts'
import {
  boundarySlot,
  expectedEndSegment,
  firstSlotAfterSeek,
  frameCount,
  knownEndSegment,
  segmentOfSlot,
  segmentSeconds,
  slotSeconds,
  type Timeline,
} from './timeline.ts'

const film: Rational = { num: 24_000, den: 1_001 }
const plexFilm: Rational = { num: 2_997, den: 125 }
const rates: readonly Rational[] = [
  film,
  plexFilm,
  { num: 25, den: 1 },
  { num: 30_000, den: 1_001 },
  { num: 30, den: 1 },
  { num: 60_000, den: 1_001 },
]

function timelineOf(rate: Rational, seconds: number, change: Partial<Timeline> = {}): Timeline {
  return { rate, firstSlot: 0, firstSegment: 0, segmentSeconds: seconds, expectedEndSlot: 0, ...change }
}

/**
 * FFmpeg's encoding loop, frame by frame: each frame's time from the first one, in doubles, against the number of
 * forced key frames so far times N; a forced frame raises that number.
 */
function forcedFrames(rate: Rational, seconds: number, frames: number): number[] {
  const tb = rate.den / rate.num
  const forced: number[] = []
  for (let frame = 0; frame < frames; frame += 1) {
    if (frame * tb >= forced.length * seconds) forced.push(frame)
  }
  return forced
}

const anyRate = fc.constantFrom(...rates)
const anyTimeline = fc
  .record({
    rate: anyRate,
    firstSlot: fc.integer({ min: 0, max: 500_000 }),
    firstSegment: fc.integer({ min: 0, max: 5_000 }),
    segmentSeconds: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.double({ min: 0.2, max: 12, noNaN: true })),
  })
  .map((fields): Timeline => ({ ...fields, expectedEndSlot: fields.firstSlot + 10_000 }))

describe('boundarySlot', () => {
  it.each(rates.flatMap((rate) => [1, 2, 3, 4, 5, 6, 8, 10].map((seconds) => [rate, seconds] as const)))(
    'forces the frames that FFmpeg forces at %o with segments of %i s',
    (rate, seconds) => {
      const forced = forcedFrames(rate, seconds, 20_000)
      const timeline = timelineOf(rate, seconds)
      expect(forced.map((_, segment) => boundarySlot(timeline, segment))).toEqual(forced)
    },
  )

  it('forces the frames that FFmpeg forces with segments of any length', () => {
    fc.assert(
      fc.property(anyRate, fc.double({ min: 0.1, max: 3, noNaN: true }), (rate, seconds) => {
        const forced = forcedFrames(rate, seconds, 2_000)
        const timeline = timelineOf(rate, seconds)
        expect(forced.map((_, segment) => boundarySlot(timeline, segment))).toEqual(forced)
      }),
    )
  })

  it('is one frame beside the exact fractions where doubles are, as FFmpeg is', () => {
    const exact = (seconds: number) => Number((BigInt(seconds) * 2_997n + 124n) / 125n)
    for (const segment of [25, 50]) {
      expect(boundarySlot(timelineOf(plexFilm, 5), segment)).not.toBe(exact(segment * 5))
    }
    expect(boundarySlot(timelineOf(plexFilm, 1), 125)).not.toBe(exact(125))
    expect(boundarySlot(timelineOf(plexFilm, 5), 24)).toBe(exact(120))
  })

  it('counts frames from the first slot and segments from the first segment', () => {
    const timeline = timelineOf(film, 4, { firstSlot: 8_425, firstSegment: 88 })
    expect(boundarySlot(timeline, 88)).toBe(8_425)
    expect(boundarySlot(timeline, 89)).toBe(8_425 + 96)
    expect(() => boundarySlot(timeline, 87)).toThrow(RangeError)
    expect(() => boundarySlot(timeline, 88.5)).toThrow(RangeError)
  })

  it('satisfies its inequality, and the slot before does not, hundreds of thousands of segments out', () => {
    fc.assert(
      fc.property(anyTimeline, fc.integer({ min: 1, max: 900_000 }), (timeline, count) => {
        const tb = toNumber({ num: timeline.rate.den, den: timeline.rate.num })
        const slots = boundarySlot(timeline, timeline.firstSegment + count) - timeline.firstSlot
        expect(slots * tb).toBeGreaterThanOrEqual(count * timeline.segmentSeconds)
        expect((slots - 1) * tb).toBeLessThan(count * timeline.segmentSeconds)
      }),
    )
  })

  it('refuses timelines on which two segments would begin at one frame', () => {
    expect(() => boundarySlot(timelineOf(film, 0.04), 1)).toThrow(RangeError)
    expect(() => boundarySlot(timelineOf(film, Number.NaN), 1)).toThrow(RangeError)
    expect(() => boundarySlot(timelineOf({ num: 0, den: 1 }, 4), 1)).toThrow(RangeError)
  })
})

describe('segmentOfSlot', () => {
  it('begins each segment at its boundary and ends it one slot before the next', () => {
    fc.assert(
      fc.property(anyTimeline, fc.integer({ min: 0, max: 900_000 }), (timeline, count) => {
        const segment = timeline.firstSegment + count
        expect(segmentOfSlot(timeline, boundarySlot(timeline, segment))).toBe(segment)
        expect(segmentOfSlot(timeline, boundarySlot(timeline, segment + 1) - 1)).toBe(segment)
      }),
    )
  })

  it.each([1.1, 3.003, 5.005, 6.006])(
    'agrees with every boundary where dividing by %d rounds across one',
    (seconds) => {
      for (const rate of [film, rates[2]!]) {
        const timeline = timelineOf(rate, seconds)
        for (let segment = 0; segment < 5_000; segment += 1) {
          const boundary = boundarySlot(timeline, segment)
          expect(segmentOfSlot(timeline, boundary)).toBe(segment)
          if (boundary > 0) expect(segmentOfSlot(timeline, boundary - 1)).toBe(segment - 1)
        }
      }
    },
  )

  it('refuses slots before the first', () => {
    expect(() => segmentOfSlot(timelineOf(film, 4, { firstSlot: 10 }), 9)).toThrow(RangeError)
  })
})

describe('expectedEndSegment', () => {
  it('is one past the segment of the last expected slot', () => {
    const end = (slots: number) =>
      expectedEndSegment(timelineOf(film, 4, { firstSegment: 7, expectedEndSlot: slots }))
    expect(end(1)).toBe(8)
    expect(end(96)).toBe(8)
    expect(end(97)).toBe(9)
  })

  it('expects no segment where the duration ends at or before the first slot', () => {
    expect(
      expectedEndSegment(timelineOf(film, 4, { firstSlot: 50, firstSegment: 3, expectedEndSlot: 50 })),
    ).toBe(3)
    expect(
      expectedEndSegment(timelineOf(film, 4, { firstSlot: 50, firstSegment: 3, expectedEndSlot: 0 })),
    ).toBe(3)
  })
})

describe('lengths of segments', () => {
  it('add up to the boundaries', () => {
    fc.assert(
      fc.property(anyTimeline, fc.integer({ min: 1, max: 200 }), (timeline, count) => {
        const segments = Array.from({ length: count }, (_, index) => timeline.firstSegment + index)
        const frames = segments.reduce((sum, segment) => sum + frameCount(timeline, segment), 0)
        expect(timeline.firstSlot + frames).toBe(boundarySlot(timeline, timeline.firstSegment + count))
      }),
    )
  })

  it('are the seconds from first frame to first frame', () => {
    // Recorded: -ss 351.37 on a 25 fps source, rows that start at 351.4 and 355.4.
    const timeline = timelineOf({ num: 25, den: 1 }, 4, { firstSlot: 8_785, firstSegment: 88 })
    expect(slotSeconds(timeline, boundarySlot(timeline, 88))).toBeCloseTo(351.4, 9)
    expect(slotSeconds(timeline, boundarySlot(timeline, 89))).toBeCloseTo(355.4, 9)
    expect(segmentSeconds(timeline, 88)).toBeCloseTo(4, 9)
    expect(segmentSeconds(timelineOf(film, 4), 0)).toBeCloseTo((96 * 1_001) / 24_000, 12)
  })
})

describe('firstSlotAfterSeek', () => {
  it('is the nearest slot, whatever the time base of the source', () => {
    expect(firstSlotAfterSeek(351_400, { num: 1, den: 1_000 }, { num: 25, den: 1 })).toBe(8_785)
    expect(firstSlotAfterSeek(31_626_000, { num: 1, den: 90_000 }, { num: 25, den: 1 })).toBe(8_785)
    // Matroska's milliseconds are up to half a millisecond beside the true time of a 24000/1001 frame.
    for (const slot of [1, 2, 3, 1_000, 8_425, 123_456]) {
      const ms = Math.round((slot * 1_001_000) / 24_000)
      expect(firstSlotAfterSeek(ms, { num: 1, den: 1_000 }, film)).toBe(slot)
    }
  })

  it('gives a frame half-way between two slots to the later one', () => {
    expect(firstSlotAfterSeek(20, { num: 1, den: 1_000 }, { num: 25, den: 1 })).toBe(1)
    expect(firstSlotAfterSeek(19, { num: 1, den: 1_000 }, { num: 25, den: 1 })).toBe(0)
  })
})

describe('a timeline of copied pictures', () => {
  const cuts = { starts: [100, 1_300, 2_500], decoded: [null, 1_220, 2_420], frames: [30, 29], endSlot: null }
  const timeline = {
    ...{ rate: { num: 100, den: 1 }, firstSlot: 100, firstSegment: 7, segmentSeconds: 10 },
    ...{ expectedEndSlot: 6_100, cuts },
  }

  it('begins its segments at the key frames that are known, and takes the rest to be of the usual length', () => {
    expect([7, 8, 9, 10, 11].map((segment) => boundarySlot(timeline, segment))).toEqual([
      100, 1_300, 2_500, 3_500, 4_500,
    ])
    expect(segmentSeconds(timeline, 7)).toBe(12)
    expect([100, 1_299, 1_300, 2_499, 3_600].map((slot) => segmentOfSlot(timeline, slot))).toEqual([
      7, 7, 8, 8, 10,
    ])
  })

  it('knows the pictures of the segments whose end it knows', () => {
    expect([7, 8, 9].map((segment) => frameCount(timeline, segment))).toEqual([30, 29, Infinity])
    expect(knownEndSegment(timeline)).toBe(9)
    const { cuts: _, ...grid } = timeline
    expect(knownEndSegment(grid)).toBe(Infinity)
  })

  it('expects more segments until the source has been read to its end', () => {
    expect(expectedEndSegment(timeline)).toBe(13)
    expect(expectedEndSegment({ ...timeline, expectedEndSlot: 0 })).toBe(13)
    const ended = { ...timeline, cuts: { ...cuts, frames: [30, 29, 12], endSlot: 3_000 } }
    expect(expectedEndSegment(ended)).toBe(10)
    expect(boundarySlot(ended, 10)).toBe(3_000)
    expect(boundarySlot(ended, 11)).toBe(4_000)
  })
})
