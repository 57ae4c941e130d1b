import { describe, expect, it } from 'vitest'
import { frameCount } from '../media/timeline.ts'
import type { Plan } from '../plan/plan.ts'
import { platformNamed } from './all.ts'
import { groupFrames, leaseReach } from './key-frame-reach.ts'
import { hdrPlan } from './testing/chip-plans.ts'
import { optionValue } from './testing/option-value.ts'

/** 23.976 pictures a second in segments of three seconds: 72 pictures, and 71 once in fourteen times. */
const rate = { num: 24000, den: 1001 }
const uneven: Plan = {
  ...hdrPlan,
  video: { ...hdrPlan.video, rate },
  timeline: { rate, firstSlot: 0, firstSegment: 0, segmentSeconds: 3, expectedEndSlot: 24_000 },
}
const { timeline } = uneven
const whole = { from: 0, to: 300, open: true, failures: 0 }

describe('how far an encoder that counts key frames can go', () => {
  it('is to the end of the first segment that has another number of pictures', () => {
    const reach = leaseReach(timeline, whole)
    expect(reach).toBeGreaterThan(5)
    expect(reach).toBeLessThan(20)
    const counts = Array.from({ length: reach }, (_, segment) => frameCount(timeline, segment))
    expect(new Set(counts.slice(0, -1)).size).toBe(1)
    expect(counts.at(-1)).not.toBe(counts[0])
  })

  it('is all of it where segments are alike', () => {
    expect(leaseReach(hdrPlan.timeline, { ...whole, to: 6 })).toBe(6)
  })

  it('is one segment at least, however odd that is', () => {
    const odd = Array.from(
      { length: 40 },
      (_, from) => leaseReach(timeline, { ...whole, from, to: from + 1 }) - from,
    )
    expect(new Set(odd)).toEqual(new Set([1]))
  })

  it('covers a whole session, lease by lease, with every key frame where the timeline has it', () => {
    let from = 0
    while (from < 100) {
      const to = leaseReach(timeline, { ...whole, from, to: 100 })
      const group = groupFrames(uneven, { ...whole, from }, 'interval')
      let slots = 0
      for (let segment = from; segment < to; segment += 1) {
        expect(slots % group).toBe(0)
        slots += frameCount(timeline, segment)
      }
      expect(to).toBeGreaterThan(from)
      from = to
    }
  })
})

describe('a platform whose encoder counts them', () => {
  it.each(['jetson', 'rockchip', 'v4l2'])('%s says how far it gets, and ends there', (name) => {
    const compiled = platformNamed(name)!.compileVideo(uneven, { ...whole, from: 2 })
    if ('out' in compiled) throw new Error(compiled.out)
    const { args, reach } = compiled
    expect(reach).toBe(leaseReach(timeline, { ...whole, from: 2 }))
    expect(args).not.toContain('-force_key_frames')
    expect(optionValue(args, '-g')).toBe(String(frameCount(timeline, 2)))
    expect(optionValue(args, '-segment_frames')!.split(',')).toHaveLength(reach! - 2 - 1)
    expect(optionValue(args, '-vf')).toMatch(/trim=end_frame=\d+/)
  })

  it('makes streams of one look whatever it counts', () => {
    const looks = [0, 13].map((from) => {
      const compiled = platformNamed('jetson')!.compileVideo(uneven, { ...whole, from })
      return 'args' in compiled ? [optionValue(compiled.args, '-g'), compiled.look] : []
    })
    expect(new Set(looks.map(([group]) => group)).size).toBe(2)
    expect(new Set(looks.map(([, look]) => look)).size).toBe(1)
  })

  it.each(['nvidia', 'intel-qsv', 'intel-vaapi', 'amd-vaapi', 'amf', 'apple', 'vulkan'])(
    '%s is told each one, and goes to the end',
    (name) => {
      const compiled = platformNamed(name)!.compileVideo(uneven, whole)
      if ('out' in compiled) throw new Error(compiled.out)
      expect(compiled.reach).toBeUndefined()
      const times = optionValue(compiled.args, '-force_key_frames')!.split(',')
      expect(times).toHaveLength(300)
      expect(optionValue(compiled.args, '-g')).toBe('250')
    },
  )
})

describe('groups of pictures between forced key frames', () => {
  it('are as long as the plan says', () => {
    const { encoder } = hdrPlan.video
    if (encoder.codec === 'copy') throw new Error('copied')
    const told = { ...encoder, tuning: [['keyint', '48']] as const }
    const plan = { ...hdrPlan, video: { ...hdrPlan.video, encoder: told } }
    expect(groupFrames(plan, whole, 'forced')).toBe(48)
    expect(groupFrames(hdrPlan, whole, 'forced')).toBe(250)
  })
})
