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
  const soundOf = (count: number, firstPts = start) =>
    sampleSoundSegment(samplePictures({ count, firstPts, frameTicks: 1_920 }))
  const sound = soundOf(93)
  const judgeSound = (segment: number, bytes: Buffer) => judgeSegment(samplePlan, 'audio', segment, bytes)

  it.each([91, 93, 94, 95])('is not counted: with %i frames it ends near a boundary, not on it', (count) => {
    expect(judgeSound(0, soundOf(count))).toEqual({ ok: true, short: false })
  })

  it('that stops before its boundary can only be the last, or pause there', () => {
    expect(judgeSound(0, soundOf(47))).toEqual({ ok: true, short: true })
    expect(judgeSound(3, soundOf(47, start + 3 * 180_000))).toEqual({ ok: true, short: true })
    expect(judgeSound(3, soundOf(94, start + 3 * 180_000))).toEqual({ ok: true, short: false })
  })

  it('has to be whole packets with their tables', () => {
    expect(judgeSound(0, sound.subarray(0, sound.length - 1)).ok).toBe(false)
    expect(judgeSound(0, sound.subarray(2 * packetSize)).ok).toBe(false)
  })

  it('has to have all of its packets', () => {
    const torn = Buffer.concat([sound.subarray(0, 10 * packetSize), sound.subarray(11 * packetSize)])
    expect(judgeSound(0, torn)).toMatchObject({ ok: false, why: expect.stringContaining('missing') })
  })
})

describe('pictures that are none', () => {
  const good = samplePictures({ count: 50, firstPts: start, frameTicks })
  const withPicture = (index: number, data: Buffer, plan: Plan = samplePlan) => {
    const changed = good.map((picture, at) => (at === index ? { ...picture, data } : picture))
    return judgeSegment(plan, 'video', 0, sampleVideoSegment(changed))
  }
  const bad = (why: string) => ({ ok: false, why: expect.stringContaining(why) })

  it.each([
    ['noise', Buffer.alloc(300, 0x5a), 'nothing of a picture'],
    ['nothing', Buffer.from([0, 0, 0, 1, 0x09, 0xf0]), 'nothing of a picture'],
    ['units of no codec', Buffer.from([0, 0, 0, 1, 0x58, 1, 2, 3]), 'NAL units'],
    ['an empty slice', Buffer.from([0, 0, 0, 1, 0x41]), 'empty slice'],
    ['the rest of a picture', Buffer.from([0, 0, 0, 1, 0x41, 0x55, 0x80, 1]), 'first slice'],
  ])('are refused: %s', (_what, data, why) => {
    expect(withPicture(7, data)).toEqual(bad(why))
    expect(withPicture(7, data)).toEqual(bad('picture 7'))
  })

  it('are refused where the first one is no key frame, or has no parameter sets', () => {
    expect(withPicture(0, good[1]!.data)).toEqual(bad('no key frame'))
    expect(withPicture(0, Buffer.from([0, 0, 0, 1, 0x65, 0x88, 0x80, 1]))).toEqual(bad('parameter sets'))
  })

  it('are refused where they are not what was asked for', () => {
    const { video } = samplePlan
    const scaled = (width: string) => ({
      ...samplePlan,
      video: {
        ...video,
        operations: [{ kind: 'scale' as const, width, height: '720' }, ...video.operations],
      },
    })
    expect(withPicture(-1, good[0]!.data, scaled('1280'))).toEqual({ ok: true, short: false })
    expect(withPicture(-1, good[0]!.data, scaled('640'))).toEqual(bad('1280x720 where 640x720'))
  })

  it('are let through where they are copied: what a film has in it is not for the head to judge', () => {
    const encoder = {
      ...{ codec: 'copy' as const, source: 'h264' as const, setsApart: false, seekSeconds: 0 },
      ...{ seekAfterSeconds: 0, averageRate: null },
    }
    const copying = { ...samplePlan, video: { ...samplePlan.video, operations: [], encoder } }
    expect(withPicture(7, Buffer.alloc(300, 0x5a), copying)).toEqual({ ok: true, short: false })
  })

  it('are refused when a packet is missing in the middle', () => {
    const bytes = sampleVideoSegment(samplePictures({ count: 50, firstPts: start, frameTicks, bytes: 900 }))
    const torn = Buffer.concat([bytes.subarray(0, 20 * packetSize), bytes.subarray(21 * packetSize)])
    expect(judge(0, torn)).toMatchObject({ ok: false, why: expect.stringMatching(/missing|frames/) })
  })
})
