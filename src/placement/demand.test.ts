import { describe, expect, it } from 'vitest'
import type { Plan, VideoEncoder } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { demandOf, fasterPlans } from './demand.ts'

const full = { width: 1920, height: 1080 }

function planOf(encoder: Partial<VideoEncoder>, size = { width: '1280', height: '720' }): Plan {
  const { video } = samplePlan
  const base: VideoEncoder = { codec: 'h264', preset: 'veryfast', tuning: [] }
  return {
    ...samplePlan,
    audio: null,
    video: {
      ...video,
      rate: { num: 25, den: 1 },
      operations: [{ kind: 'scale', ...size }],
      encoder: { ...base, ...encoder },
    },
  }
}

describe('what a stream needs', () => {
  it('is a core for 1.74 times real time, as it was measured', () => {
    expect(1 / demandOf(planOf({}), full)).toBeCloseTo(1.74)
  })

  it('grows with the picture, the source, the rate, the codec and the care taken', () => {
    const usual = demandOf(planOf({}), full)
    const large = demandOf(planOf({}, { width: '1920', height: '1080' }), full)
    const deep = demandOf(planOf({}), { width: 3840, height: 2160 })
    const careful = demandOf(planOf({ preset: 'medium' }), full)
    const dense = demandOf(planOf({ codec: 'hevc' }), full)
    for (const dearer of [large, deep, careful, dense]) expect(dearer).toBeGreaterThan(usual * 1.2)
  })

  it('is next to nothing for a copy', () => {
    const copied = planOf({})
    const encoder = {
      codec: 'copy',
      source: 'h264',
      setsApart: false,
      seekSeconds: 0,
      seekAfterSeconds: 0,
      averageRate: null,
    } as const
    expect(demandOf({ ...copied, video: { ...copied.video, encoder } })).toBeLessThan(0.05)
  })
})

describe('faster presets', () => {
  it('cost less and change nothing else', () => {
    const plan = planOf({ crf: '21', maxrate: '3419k' })
    const found = fasterPlans(plan)
    expect(found.map(({ preset }) => preset)).toEqual(['superfast', 'ultrafast'])
    for (const { preset, plan: faster } of found) {
      expect(demandOf(faster, full)).toBeLessThan(demandOf(plan, full))
      const { encoder } = plan.video
      expect(faster).toEqual({ ...plan, video: { ...plan.video, encoder: { ...encoder, preset } } })
    }
  })

  it('are none where the job has the fastest, or is not of x264', () => {
    expect(fasterPlans(planOf({ preset: 'ultrafast' }))).toEqual([])
    expect(fasterPlans(planOf({ preset: 'superfast' })).map(({ preset }) => preset)).toEqual(['ultrafast'])
    expect(fasterPlans(planOf({ codec: 'hevc' }))).toEqual([])
    expect(fasterPlans(planOf({ preset: 'strange' }))).toEqual([])
  })
})
