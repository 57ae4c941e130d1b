import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pictureFile, sampleOffsetSeconds, soundFile } from './testing/sample-stream.ts'
import { createSampleWeaver, isBefore } from './woven-samples.ts'

const rate = { num: 25, den: 1 }
const order = [0, 4, 2, 1, 3]
const frames = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index * 1024)

function weaver(...sound: readonly (readonly number[])[]) {
  const made = createSampleWeaver({ rate, offsetSeconds: sampleOffsetSeconds })
  for (const starts of sound) made.addSound(soundFile(starts))
  return made
}

const startsOf = ({ sound }: { sound: readonly { start: number }[] }): number[] =>
  sound.map(({ start }) => start)

describe('samples that are woven', () => {
  it('are pictures in their slots, decoded one slot after the other', () => {
    const { pictures } = weaver().take(pictureFile({ rate, firstSlot: 50, order }), {
      ...{ firstSlot: 50, nextSlot: 55 },
    })
    expect(pictures.map(({ showSlot }) => showSlot)).toEqual([50, 54, 52, 51, 53])
    expect(pictures.map(({ decodeSlot }) => decodeSlot)).toEqual([48, 49, 50, 51, 52])
    expect(pictures.map(({ isSync }) => isSync)).toEqual([true, false, false, false, false])
    expect(pictures[1]!.data.toString('hex')).toBe('00000003410480')
  })

  it('know their tracks from the first of each kind', () => {
    const made = weaver([0])
    expect(made.sound).toMatchObject({ rate: 48_000, objectType: 2 })
    expect(made.picture).toBeNull()
    made.take(pictureFile({ rate, firstSlot: 0, order }), { firstSlot: 0, nextSlot: 5 })
    expect(made.picture).toMatchObject({ reorder: 2, description: { width: 1280 } })
  })

  it('are sound up to where the next key frame is decoded, however files are cut', () => {
    // Five pictures: 0.2 s. The next key frame is decoded two slots earlier, at 0.12 s: sample 5760.
    const made = weaver(frames(-1024, 4), frames(3072, 8))
    const first = made.take(pictureFile({ rate, firstSlot: 0, order }), { firstSlot: 0, nextSlot: 5 })
    expect(startsOf(first)).toEqual(frames(-1024, 7))
    const last = made.take(pictureFile({ rate, firstSlot: 5, order }), { firstSlot: 5, nextSlot: null })
    expect(startsOf(last)).toEqual(frames(6144, 5))
  })

  it('lose no frame and change no order, wherever segments end', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 6 })
    fc.assert(
      fc.property(cuts, (chosen) => {
        const ends = chosen.sort((a, b) => a - b)
        const made = weaver(frames(-1024, 90))
        const all = [0, ...ends].flatMap((firstSlot, index) => {
          const file = pictureFile({ rate, firstSlot, order: [0] })
          return startsOf(made.take(file, { firstSlot, nextSlot: ends[index] ?? null }))
        })
        expect(all).toEqual(frames(-1024, 90))
      }),
      { numRuns: 30 },
    )
  })

  it('are none of sound where there is none', () => {
    const made = weaver([])
    const taken = made.take(pictureFile({ rate, firstSlot: 0, order }), { firstSlot: 0, nextSlot: null })
    expect(taken.sound).toEqual([])
    expect(made.sound).toBeNull()
  })
})

describe('before a slot', () => {
  it('is told without rounding: a frame at its very moment is not', () => {
    const film = { num: 24_000, den: 1001 }
    // Slot 24000 begins at 1001 s.
    expect(isBefore(1001 * 48_000 - 1, 48_000, 24_000, film)).toBe(true)
    expect(isBefore(1001 * 48_000, 48_000, 24_000, film)).toBe(false)
    expect(isBefore(-1024, 48_000, -2, { num: 100, den: 1 })).toBe(true)
  })
})
