import { describe, expect, test } from 'vitest'
import { CutFinder, type CutRule } from './cut-points.ts'

/** Pictures of 40 ms, 25 ticks a second, key frames at these. */
function packets(count: number, keys: readonly number[], from = 0) {
  return Array.from({ length: count }, (_, index) => ({
    ...{ shown: from + index, decoded: from + index - 2, duration: 1 },
    key: keys.includes(from + index),
  }))
}

function finder(rule: Partial<CutRule> = {}): CutFinder {
  return new CutFinder({ segmentSeconds: 2, deltaSeconds: 0, ...rule }, { num: 1, den: 25 })
}

function found(keys: readonly number[], rule: Partial<CutRule> = {}, count = 300): CutFinder {
  const cuts = finder(rule)
  for (const packet of packets(count, keys)) cuts.take(packet)
  return cuts
}

describe('copied pictures are cut', () => {
  test('at the first key frame that is not before a segment’s time is up, counted from the first picture', () => {
    expect(found([0, 30, 60, 90, 120]).starts).toEqual([0, 60, 120])
    expect(found([10, 40, 60, 70, 110]).starts).toEqual([10, 60, 110])
  })

  test('again at the next key frame after a segment that was too long', () => {
    // Sixty pictures are more than two seconds; the third segment's time is up at 100 and at 150.
    expect(found([0, 160, 170, 180, 250]).starts).toEqual([0, 160, 170, 180, 250])
  })

  test('a little early where the server allows it', () => {
    expect(found([0, 49, 100]).starts).toEqual([0, 100])
    expect(found([0, 49, 100], { deltaSeconds: 0.0625 }).starts).toEqual([0, 49, 100])
  })

  test('into segments whose pictures are counted', () => {
    const cuts = found([0, 60, 120], {}, 130)
    expect(cuts.frames).toEqual([60, 60])
    expect(cuts.decoded).toEqual([-2, 58, 118])
    expect(cuts.endSlot).toBeNull()
    cuts.finish()
    expect(cuts.frames).toEqual([60, 60, 10])
    expect(cuts.endSlot).toBe(130)
  })

  test('from the first key frame on, whatever comes before', () => {
    const cuts = finder()
    for (const packet of packets(100, [5, 70])) cuts.take(packet)
    expect(cuts.starts).toEqual([5, 70])
    expect(cuts.frames).toEqual([65])
  })

  test('with pictures that lead a key frame counted to it, though they are shown before', () => {
    const cuts = finder()
    const shown = [0, 1, 2, 60, 58, 59, 61]
    for (const time of shown) cuts.take({ shown: time, decoded: null, key: time % 60 === 0, duration: 1 })
    cuts.finish()
    expect(cuts.starts).toEqual([0, 60])
    expect(cuts.frames).toEqual([3, 4])
    expect(cuts.endSlot).toBe(62)
  })

  test('in the same places when the source is read piece by piece', () => {
    const keys = [0, 30, 60, 90, 120, 200]
    const whole = found(keys)
    whole.finish()
    const cuts = finder()
    for (const [from, to] of [
      [0, 80],
      [30, 150],
      [90, 300],
    ] as const) {
      cuts.rewind()
      for (const packet of packets(to - from, keys, from)) cuts.take(packet)
    }
    cuts.finish()
    expect({ ...cuts }).toEqual({ ...whole })
  })

  test('nowhere in a source without pictures', () => {
    const cuts = finder()
    cuts.finish()
    expect(cuts).toMatchObject({ starts: [], frames: [], endSlot: null })
  })
})
