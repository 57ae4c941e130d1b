import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectSegment } from './inspect.ts'
import { MalformedTransportStream, packetSize } from './packet.ts'
import { samplePictures, sampleSoundSegment, sampleVideoSegment } from './testing/sample-segment.ts'

const wrap = 2 ** 33
const pictures = samplePictures({ count: 6, firstPts: 900_000, frameTicks: 3_600, reorderTicks: 7_200 })

describe('inspecting a segment', () => {
  it('counts its units and finds their first and last time, in whatever order they are decoded', () => {
    const [first, second, third, ...rest] = pictures
    const times = { ...third!, pts: second!.pts }
    const shuffled = [first!, { ...second!, pts: third!.pts }, times, ...rest]
    expect(inspectSegment(sampleVideoSegment(shuffled))).toEqual({
      ...{
        units: 6,
        firstPts: 900_000,
        lastPts: 900_000 + 5 * 3_600,
        firstDts: 900_000 - 7_200,
        openingPts: 900_000,
      },
    })
  })

  it('finds them over the wrap of the clock', () => {
    const wrapping = samplePictures({ count: 4, firstPts: wrap - 3_600, frameTicks: 3_600 })
    const facts = inspectSegment(sampleVideoSegment(wrapping))
    expect(facts).toMatchObject({ units: 4, firstPts: wrap - 3_600, lastPts: 2 * 3_600 })
  })

  it('takes a segment with tables and nothing else for empty', () => {
    expect(inspectSegment(sampleVideoSegment([]))).toEqual({
      ...{ units: 0, firstPts: null, lastPts: null, firstDts: null, openingPts: null },
    })
  })

  it('counts frames of sound as well', () => {
    expect(inspectSegment(sampleSoundSegment(pictures)).units).toBe(6)
  })

  it('counts fewer when packets at the end are missing', () => {
    const bytes = sampleVideoSegment(pictures)
    expect(inspectSegment(bytes.subarray(0, bytes.length - packetSize)).units).toBe(5)
  })

  it('refuses damaged bytes in one way only, however they are damaged', () => {
    const whole = sampleVideoSegment(pictures)
    const change = fc.record({ place: fc.nat(whole.length - 1), value: fc.nat(255) })
    const length = fc.nat(whole.length / packetSize).map((packets) => packets * packetSize)
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), length, (changes, kept) => {
        const bytes = Buffer.from(whole)
        for (const { place, value } of changes) bytes[place] = value
        try {
          inspectSegment(bytes.subarray(0, kept))
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedTransportStream)
        }
      }),
      { numRuns: 500 },
    )
  })
})
