import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAssembler } from './assembler.ts'
import { packetOffsets, readPacketHeader } from './packet.ts'
import { audioPid, readProgramMap, videoPid } from './tables.ts'
import { samplePictures, sampleSoundSegment, sampleVideoSegment } from './testing/sample-segment.ts'
import { ticksPerSecond } from './timestamp.ts'
import { type AccessUnit, readAccessUnits } from './units.ts'

const frameTicks = 3_600
const soundTicks = 1_920

/** Two seconds of pictures from `second` on. */
function picturesFrom(second: number, reorderTicks = 0): Buffer {
  const firstPts = second * ticksPerSecond
  return sampleVideoSegment(samplePictures({ count: 50, firstPts, frameTicks, reorderTicks }))
}

/** Frames of sound, each with its number in its bytes. */
function soundFrames(from: number, to: number, firstTicks = 10 * ticksPerSecond): AccessUnit[] {
  return Array.from({ length: to - from }, (_, index) => {
    const data = Buffer.alloc(40)
    data.writeUInt32BE(from + index)
    const ticks = firstTicks + (from + index) * soundTicks
    return { pts: ticks, dts: ticks, data }
  })
}

/** Numbers of the frames of sound in a segment: several of them share a PES packet. */
function soundNumbers(segment: Buffer): number[] {
  return readAccessUnits(segment, audioPid).flatMap(({ data }) =>
    Array.from({ length: data.length / 40 }, (_, index) => data.readUInt32BE(index * 40)),
  )
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

describe('a session’s segments', () => {
  it('have both streams on FFmpeg’s PIDs, and the pictures as they came', () => {
    const assembler = createAssembler()
    assembler.addSound(sampleSoundSegment(soundFrames(0, 94)))
    const video = picturesFrom(10)
    const made = assembler.assemble(video, { nextStartSeconds: 12 })
    expect(readProgramMap(made.bytes).map(({ pid, streamType }) => [pid, streamType])).toEqual([
      [videoPid, 0x1b],
      [audioPid, 0x0f],
    ])
    expect(readAccessUnits(made.bytes, videoPid)).toEqual(readAccessUnits(video, videoPid))
    expect(made.pictures).toBe(50)
  })

  it('take the sound that is decoded before the next segment’s first picture', () => {
    const assembler = createAssembler()
    assembler.addSound(sampleSoundSegment(soundFrames(0, 100)))
    // 2 s are 93.75 frames: number 93 begins at 1.984 s, number 94 at 2.005 s.
    const first = assembler.assemble(picturesFrom(10), { nextStartSeconds: 12 })
    expect(soundNumbers(first.bytes)).toEqual(range(0, 94))
    expect(first.soundFrames).toBe(94)
    expect(first.lastSoundSeconds).toBeCloseTo(10 + (93 * soundTicks) / ticksPerSecond, 9)
    const last = assembler.assemble(picturesFrom(12), { nextStartSeconds: null })
    expect(soundNumbers(last.bytes)).toEqual(range(94, 100))
  })

  it('reckon with the reordering of pictures, by which the next one is decoded earlier than shown', () => {
    const assembler = createAssembler()
    assembler.addSound(sampleSoundSegment(soundFrames(0, 100)))
    const made = assembler.assemble(picturesFrom(10, 2 * frameTicks), { nextStartSeconds: 12 })
    // 1.92 s are exactly 90 frames: the one that begins there is not decoded before.
    expect(made.soundFrames).toBe(90)
  })

  it('weave sound in before the first picture that is decoded later', () => {
    const assembler = createAssembler()
    assembler.addSound(sampleSoundSegment(soundFrames(0, 94)))
    const { bytes } = assembler.assemble(picturesFrom(10), { nextStartSeconds: null })
    let lastDts = 0
    const [video, sound] = [videoPid, audioPid].map((pid) => readAccessUnits(bytes, pid).values())
    for (const offset of packetOffsets(bytes)) {
      const header = readPacketHeader(bytes, offset)
      if (!header.unitStart || (header.pid !== videoPid && header.pid !== audioPid)) continue
      const { dts } = (header.pid === videoPid ? video! : sound!).next().value as AccessUnit
      expect(dts).toBeGreaterThanOrEqual(lastDts)
      lastDts = dts
    }
    expect(lastDts).toBeGreaterThan(11.9 * ticksPerSecond)
  })

  it('have no sound stream when no sound came before the first of them', () => {
    const assembler = createAssembler()
    const made = assembler.assemble(picturesFrom(10), { nextStartSeconds: null })
    expect(readProgramMap(made.bytes).length).toBe(1)
    expect(made).toMatchObject({ soundFrames: 0, lastSoundSeconds: null })
  })

  it('keep their sound stream after the sound has ended', () => {
    const assembler = createAssembler()
    assembler.addSound(sampleSoundSegment(soundFrames(0, 50)))
    assembler.assemble(picturesFrom(10), { nextStartSeconds: 12 })
    const later = assembler.assemble(picturesFrom(12), { nextStartSeconds: 14 })
    expect(readProgramMap(later.bytes).length).toBe(2)
    expect(later.soundFrames).toBe(0)
  })

  it('give the last segment all sound that outlives the picture', () => {
    const assembler = createAssembler()
    assembler.addSound(sampleSoundSegment(soundFrames(0, 94)))
    assembler.addSound(sampleSoundSegment(soundFrames(94, 300)))
    const made = assembler.assemble(picturesFrom(10), { nextStartSeconds: null })
    expect(soundNumbers(made.bytes)).toEqual(range(0, 300))
  })

  it('run on over the wrap of the clock', () => {
    const wrapSeconds = 2 ** 33 / ticksPerSecond
    const assembler = createAssembler()
    const start = Math.round((wrapSeconds - 1) * ticksPerSecond)
    assembler.addSound(sampleSoundSegment(soundFrames(0, 200, start)))
    const video = sampleVideoSegment(samplePictures({ count: 50, firstPts: start, frameTicks }))
    const first = assembler.assemble(video, { nextStartSeconds: wrapSeconds + 1 })
    expect(first.soundFrames).toBe(94)
    const rest = assembler.assemble(picturesFrom(1), { nextStartSeconds: null })
    expect(soundNumbers(rest.bytes)).toEqual(range(94, 200))
  })

  it('hold every frame of sound once and in order, however its files were cut', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 140 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(sizes, (counts) => {
        const assembler = createAssembler()
        const made: number[] = []
        let pushed = 0
        for (const [index, count] of counts.entries()) {
          const isLast = index === counts.length - 1
          assembler.addSound(sampleSoundSegment(soundFrames(pushed, pushed + count)))
          pushed += count
          const nextStartSeconds = isLast ? null : 12 + 2 * index
          const { bytes } = assembler.assemble(picturesFrom(10 + 2 * index), { nextStartSeconds })
          made.push(...soundNumbers(bytes))
        }
        expect(made).toEqual(range(0, pushed))
      }),
      { numRuns: 40 },
    )
  })
})
