import { describe, expect, it } from 'vitest'
import { packetSize } from '../../container/mpegts/packet.ts'
import {
  samplePictures,
  sampleSoundSegment,
  sampleVideoSegment,
} from '../../container/mpegts/testing/sample-segment.ts'
import type { Plan } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { judgeSegment } from './segment-facts.ts'

const frameTicks = 3_600
/** Where the first segment's first picture is shown, with the container's offset of 20 s. */
const start = 20 * 90_000

/** Pictures from a slot on, as a node would send them. */
function pictures(count: number, slot = 0, late = 0): Buffer {
  const firstPts = start + slot * frameTicks + late
  return sampleVideoSegment(samplePictures({ count, firstPts, frameTicks, reorderTicks: 2 * frameTicks }))
}

const judge = (segment: number, bytes: Buffer, plan: Plan = samplePlan) =>
  judgeSegment(plan, 'video', segment, bytes)

describe('a picture segment', () => {
  it.each([0, 1, 5])('number %i is whole with the timeline’s frames at the timeline’s place', (segment) => {
    expect(judge(segment, pictures(50, segment * 50))).toEqual({ ok: true, short: false })
  })

  it.each([1, 49])('of %i frames can only be the last', (count) => {
    expect(judge(0, pictures(count))).toEqual({ ok: true, short: true })
  })

  it('has not more frames than the timeline', () => {
    expect(judge(0, pictures(51))).toEqual({ ok: false, why: '51 frames where the timeline has 50' })
  })

  it.each([
    ['a frame late', 51, 1],
    ['a frame early', 49, -1],
    ['a whole segment late', 100, 50],
  ])('does not begin %s', (_name, slot, beside) => {
    expect(judge(1, pictures(50, slot))).toEqual({
      ok: false,
      why: `it begins ${beside} frames beside its place`,
    })
  })

  it('may have its times rounded by less than half a frame', () => {
    expect(judge(1, pictures(50, 50, 1_000)).ok).toBe(true)
    expect(judge(1, pictures(50, 50, -1_000)).ok).toBe(true)
    expect(judge(1, pictures(50, 50, 2_000)).ok).toBe(false)
  })

  it('is judged from the job’s first segment and slot', () => {
    const timeline = { ...samplePlan.timeline, firstSegment: 40, firstSlot: 2_003, expectedEndSlot: 2_303 }
    expect(judge(41, pictures(50, 2_053), { ...samplePlan, timeline })).toEqual({ ok: true, short: false })
    expect(judge(41, pictures(50, 2_050), { ...samplePlan, timeline }).ok).toBe(false)
  })

  it('may lie behind the wrap of the clock', () => {
    const hours = Math.ceil(2 ** 33 / 90_000 / 2)
    const slot = hours * 50
    expect(judge(hours, pictures(50, slot))).toEqual({ ok: true, short: false })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['tables without a picture', pictures(0)],
    ['half a packet', pictures(50).subarray(0, 10 * packetSize + 90)],
    ['something else', Buffer.alloc(10 * packetSize, 7)],
  ])('is not %s', (_name, bytes) => {
    const judged = judge(0, bytes)
    expect(judged.ok).toBe(false)
    expect(judged).toHaveProperty('why', expect.stringMatching(/./))
  })
})

describe('a segment of sound', () => {
  const sound = sampleSoundSegment(samplePictures({ count: 7, firstPts: start, frameTicks: 1_920 }))

  it('is not counted: it ends near a boundary, not on it', () => {
    expect(judgeSegment(samplePlan, 'audio', 0, sound)).toEqual({ ok: true, short: false })
    expect(judgeSegment(samplePlan, 'audio', 3, sound)).toEqual({ ok: true, short: false })
  })

  it('has to be whole packets with their tables', () => {
    expect(judgeSegment(samplePlan, 'audio', 0, sound.subarray(0, sound.length - 1)).ok).toBe(false)
    expect(judgeSegment(samplePlan, 'audio', 0, sound.subarray(2 * packetSize)).ok).toBe(false)
  })
})
