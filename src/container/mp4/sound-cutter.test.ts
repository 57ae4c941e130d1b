import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SoundCutter } from './sound-cutter.ts'
import type { SoundFrame } from './sound-track.ts'

const rate = 48_000
const framesFrom = (start: number, count: number): SoundFrame[] =>
  Array.from({ length: count }, (_, index) => ({
    start: start + index * 1024,
    duration: 1024,
    data: Buffer.alloc(1),
  }))

/** Numbers and counts of the segments that key frames at these slots make, with pictures decoded `reorder` slots early. */
function cutAll(
  frames: readonly SoundFrame[],
  keys: { slots: readonly number[]; fps: number; reorder: number; seconds: number; first?: number },
): [number, number][][] {
  const first = keys.first ?? 1
  const cutter = new SoundCutter({ firstNumber: first, rate, segmentSeconds: keys.seconds })
  cutter.push(frames)
  const posts = keys.slots.map((slot, index) =>
    cutter.cut({ decoded: { num: slot - keys.reorder, den: keys.fps }, segment: first + index }),
  )
  return [...posts, cutter.cut(null)].map((post) => post.map(({ number, frames }) => [number, frames.length]))
}

describe('sound from the start', () => {
  it('is cut as in a recording of 8 s segments at 30 frames a second', () => {
    const slots = [240, 480, 720, 960]
    const cut = cutAll(framesFrom(-1024, 373 + 3 * 375 + 3), { slots, fps: 30, reorder: 2, seconds: 8 })
    expect(cut).toEqual([[[1, 373]], [[2, 375]], [[3, 375]], [[4, 375]], [[5, 3]]])
  })
  it('is cut as in a recording of 5 s segments whose pictures began 320 s before', () => {
    const slots = Array.from({ length: 72 }, (_, index) => (index + 1) * 150)
    const frames = framesFrom(15_358_976, 233 + 234 + 234 + 235 + 234 + 235 + 234 + 234 + 3)
    const cut = cutAll(frames, { slots, fps: 30, reorder: 2, seconds: 5, first: 65 })
    expect(cut.slice(0, 64).flat()).toEqual([])
    expect(cut.slice(64).flat()).toEqual([
      ...[
        [65, 233],
        [66, 234],
        [67, 234],
        [68, 235],
        [69, 234],
        [70, 235],
        [71, 234],
        [72, 234],
        [73, 3],
      ],
    ])
  })
})

describe('a frame at the very moment of a key frame', () => {
  it('belongs to the later segment', () => {
    // 0.32 s is frame 15 and slot 8 of 25 a second.
    expect(cutAll(framesFrom(0, 20), { slots: [8], fps: 25, reorder: 0, seconds: 8 })).toEqual([
      [[1, 15]],
      [[2, 5]],
    ])
  })
})

describe('sound whose own time is up before the pictures end a segment', () => {
  it('is cut by itself, and the pictures then cut it no more', () => {
    // Without reordering the key frame comes at 2 s; sound counts from its priming and is there a frame earlier.
    const cut = cutAll(framesFrom(-1024, 200), { slots: [50, 100], fps: 25, reorder: 0, seconds: 2 })
    expect(cut).toEqual([[[1, 94]], [[2, 94]], [[3, 12]]])
  })
  it('goes on in segments of its own after the last picture', () => {
    const cut = cutAll(framesFrom(-1024, 300), { slots: [], fps: 25, reorder: 2, seconds: 2 })
    expect(cut).toEqual([
      [
        [1, 94],
        [2, 94],
        [3, 94],
        [4, 18],
      ],
    ])
  })
})

describe('frames of any start, in segments of any length', () => {
  it('come out once each, in order, in segments numbered without a gap', () => {
    const wish = fc.record({
      start: fc.integer({ min: -1024, max: 200_000 }),
      count: fc.nat(500),
      fps: fc.constantFrom(24, 25, 30),
      seconds: fc.constantFrom(1, 2, 3),
      reorder: fc.nat(3),
      first: fc.integer({ min: 1, max: 500 }),
    })
    fc.assert(
      fc.property(wish, ({ start, count, fps, seconds, reorder, first }) => {
        const cutter = new SoundCutter({ firstNumber: first, rate, segmentSeconds: seconds })
        const frames = framesFrom(start, count)
        cutter.push(frames)
        const made = Array.from({ length: 5 }, (_, index) =>
          cutter.cut({
            decoded: { num: (index + 1) * seconds * fps - reorder, den: fps },
            segment: first + index,
          }),
        )
        const all = [...made.flat(), ...cutter.cut(null)]
        expect(all.flatMap((cut) => cut.frames)).toEqual(frames)
        expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => first + index))
        expect(all.every((cut) => cut.frames.length > 0)).toBe(true)
      }),
    )
  })
})
