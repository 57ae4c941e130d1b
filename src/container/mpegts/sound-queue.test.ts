import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSoundQueue } from './sound-queue.ts'
import type { AccessUnit } from './units.ts'

const wrap = 2 ** 33

/** Frames of 1920 ticks, numbered by their one byte of data. */
function frames(from: number, count: number, firstTicks = 0): AccessUnit[] {
  return Array.from({ length: count }, (_, index) => {
    const ticks = (firstTicks + (from + index) * 1_920 + wrap) % wrap
    return { pts: ticks, dts: ticks, data: Buffer.from([from + index]) }
  })
}

const numbers = (units: readonly AccessUnit[]) => units.map((unit) => unit.data[0])

describe('sound that waits for its segment', () => {
  it('goes with the earlier segment when it is decoded before the next one’s first picture', () => {
    const queue = createSoundQueue()
    queue.push(frames(0, 6))
    expect(numbers(queue.takeBefore(3 * 1_920))).toEqual([0, 1, 2])
    expect(numbers(queue.takeBefore(3 * 1_920 + 1))).toEqual([3])
    expect(numbers(queue.takeBefore(null))).toEqual([4, 5])
  })

  it('waits for a later segment when its file brought too much', () => {
    const queue = createSoundQueue()
    queue.push(frames(0, 4))
    expect(numbers(queue.takeBefore(0))).toEqual([])
    queue.push(frames(4, 2))
    expect(numbers(queue.takeBefore(1_920 * 5))).toEqual([0, 1, 2, 3, 4])
  })

  it('is taken once', () => {
    const queue = createSoundQueue()
    queue.push(frames(0, 3))
    queue.takeBefore(null)
    expect(queue.takeBefore(null)).toEqual([])
  })

  it('keeps its order where timestamps wrap round, and where they begin before zero', () => {
    for (const start of [wrap - 2 * 1_920, -2 * 1_920]) {
      const queue = createSoundQueue()
      queue.push(frames(0, 5, start))
      expect(numbers(queue.takeBefore((start + 3 * 1_920 + wrap) % wrap))).toEqual([0, 1, 2])
      expect(numbers(queue.takeBefore(null))).toEqual([3, 4])
    }
  })

  it('is heard once where a later file has it once more, also with times that were rounded otherwise', () => {
    const queue = createSoundQueue()
    queue.push(frames(0, 1))
    queue.push(frames(1, 1))
    queue.push(frames(0, 4, 90))
    expect(numbers(queue.takeBefore(null))).toEqual([0, 1, 2, 3])
    queue.push(frames(3, 2, -90))
    expect(numbers(queue.takeBefore(null))).toEqual([4])
  })

  it('is heard once where another queue goes on', () => {
    const queue = createSoundQueue()
    queue.push(frames(0, 3))
    queue.takeBefore(1_920)
    const next = createSoundQueue(queue)
    next.push(frames(1, 3))
    expect(numbers(next.takeBefore(null))).toEqual([1, 2, 3])
    const last = createSoundQueue(next)
    last.push(frames(3, 2))
    expect(numbers(last.takeBefore(null))).toEqual([4])
  })

  it('comes out exactly once and in order, however files and boundaries fall', () => {
    const pieces = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 })
    const boundaries = fc.array(fc.integer({ min: 0, max: 80_000 }), { maxLength: 12 })
    fc.assert(
      fc.property(pieces, boundaries, fc.integer({ min: 0, max: wrap - 1 }), (sizes, cuts, start) => {
        const queue = createSoundQueue()
        const times = cuts.toSorted((a, b) => a - b)
        const out: AccessUnit[] = []
        let pushed = 0
        for (const [index, size] of sizes.entries()) {
          queue.push(frames(pushed, size, start))
          pushed += size
          const cut = times[index]
          if (cut !== undefined) out.push(...queue.takeBefore((start + cut) % wrap))
        }
        out.push(...queue.takeBefore(null))
        expect(numbers(out)).toEqual(numbers(frames(0, pushed)))
      }),
    )
  })
})
